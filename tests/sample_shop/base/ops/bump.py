import subprocess
import sys

if __name__ == "__main__":
    sys.exit(subprocess.call(["definition-of-done", "bump", sys.argv[1]]))
