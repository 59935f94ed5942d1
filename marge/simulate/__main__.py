"""`python -m marge.simulate`: the simulated house alone, in a process without the server's packages."""

from marge.simulate.command import simulate

if __name__ == "__main__":
    simulate(prog_name="marge simulate")
