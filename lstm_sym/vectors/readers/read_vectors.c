/* Reads the arrays of an NPZ file of a pack of reference vectors in C99, without any library.

     cc -std=c99 -o read_vectors read_vectors.c
     ./read_vectors CASE.npz float32/out          prints the array, one number a line, as a hexadecimal float

   An NPZ file is a ZIP archive of stored NPY files: a local header, its name, an NPY header that says dtype and shape, the numbers in
   little-endian order. Each member carries a CRC-32; what does not agree with it is refused. To use it from a kernel's test, take
   `npz_find` and cast `data`. bfloat16 is stored as its 16 bits. The machine must be little-endian. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char kind;          /* 'f' float, 'u' bits, 'S' text */
    size_t size;        /* bytes of an entry */
    size_t count;       /* entries */
    char shape[64];     /* as NumPy writes it: (4, 3) */
    const unsigned char *data;
} npz_array;

static uint32_t crc32_of(const unsigned char *bytes, size_t length) {
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1u ? 0xedb88320u : 0u);
    }
    return ~crc;
}

static uint32_t number(const unsigned char *bytes, int length) {
    uint32_t value = 0;
    for (int i = length - 1; i >= 0; i--) value = value << 8 | bytes[i];
    return value;
}

/* The NPY header: {'descr': '<f4', 'fortran_order': False, 'shape': (4, 3), } */
static const char *npy_read(const unsigned char *npy, size_t length, npz_array *out) {
    if (length < 10 || memcmp(npy, "\x93NUMPY\x01", 7) != 0) return "is not NPY version 1";
    size_t header = number(npy + 8, 2);
    char text[512];
    if (header >= sizeof text || 10 + header > length) return "has a header of another length";
    memcpy(text, npy + 10, header);
    text[header] = 0;
    const char *descr = strstr(text, "'descr': '"), *open = strchr(text, '('), *close = strchr(text, ')');
    if (!descr || !open || !close || !strstr(text, "'fortran_order': False")) return "has another header";
    out->kind = descr[11];
    out->size = (size_t)strtoul(descr + 12, NULL, 10);
    out->count = 1;
    for (const char *place = open + 1; place < close;) {
        char *end;
        unsigned long extent = strtoul(place, &end, 10);
        if (end == place) break;
        if (extent > length || out->count > length / (extent ? extent : 1)) return "has a shape larger than it is";
        out->count *= extent;
        place = end + strspn(end, ", ");
    }
    snprintf(out->shape, sizeof out->shape, "%.*s", (int)(close - open + 1), open);
    out->data = npy + 10 + header;
    if (out->size > 4096) return "has another kind of entries";
    return 10 + header + out->size * out->count == length ? NULL : "has another length than its shape";
}

/* Finds the array of that name; gives NULL, or what is wrong. */
const char *npz_find(const unsigned char *file, size_t length, const char *name, npz_array *out) {
    size_t at = 0;
    while (at + 30 <= length && number(file + at, 4) == 0x04034b50u) {
        uint32_t crc = number(file + at + 14, 4), size = number(file + at + 18, 4);
        size_t name_length = number(file + at + 26, 2), start = at + 30 + name_length + number(file + at + 28, 2);
        if (start > length || size > length - start) return "is cut off";
        const char *member = (const char *)file + at + 30;
        if (name_length == strlen(name) + 4 && !memcmp(member, name, name_length - 4) && !memcmp(member + name_length - 4, ".npy", 4)) {
            if (number(file + at + 8, 2) != 0) return "is compressed";
            if (crc32_of(file + start, size) != crc) return "was changed: its CRC-32 does not agree";
            return npy_read(file + start, size, out);
        }
        at = start + size;
    }
    return "is not there";
}

static void print_entry(const npz_array *array, size_t i) {
    const unsigned char *entry = array->data + i * array->size;
    if (array->kind == 'S') {
        printf("%.*s\n", (int)array->size, (const char *)entry);
    } else if (array->kind == 'f' && array->size == 4) {
        float value;
        memcpy(&value, entry, 4);
        printf("%a\n", value);
    } else if (array->kind == 'f' && array->size == 8) {
        double value;
        memcpy(&value, entry, 8);
        printf("%a\n", value);
    } else {
        printf("bits 0x%04x\n", (unsigned)number(entry, 2)); /* float16 and bfloat16: C99 has no type for them */
    }
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: read_vectors CASE.npz FORMAT/QUANTITY\n");
        return 2;
    }
    FILE *stream = fopen(argv[1], "rb");
    if (!stream) {
        perror(argv[1]);
        return 2;
    }
    size_t length = 0, room = 1 << 16;
    unsigned char *file = malloc(room);
    for (size_t got; file && (got = fread(file + length, 1, room - length, stream)) > 0;) {
        length += got;
        if (length == room) file = realloc(file, room *= 2);
    }
    fclose(stream);
    npz_array array;
    const char *wrong = file ? npz_find(file, length, argv[2], &array) : "does not fit into memory";
    if (wrong) {
        fprintf(stderr, "read_vectors: %s in %s %s\n", argv[2], argv[1], wrong);
        free(file);
        return 1;
    }
    printf("%s %s\n", argv[2], array.shape);
    for (size_t i = 0; i < array.count; i++) print_entry(&array, i);
    free(file);
    return 0;
}
