"""``python -m ppp``: the same as ``ppp``."""

from ppp.cli import main

if __name__ == "__main__":
    main(prog_name="ppp")
