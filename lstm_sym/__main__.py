"""`python -m lstm_sym` is `lstm-sym`."""

from lstm_sym.cli import main

if __name__ == "__main__":
    main()
