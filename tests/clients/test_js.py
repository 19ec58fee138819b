"""AWS's JavaScript client against a live Pawl: starts the server and runs js_client.mjs, which has the tests and says how
many passed. Needs node from 18 on and `npm install` in this folder."""
import pathlib
import subprocess
import sys

from harness import Pawl

HERE = pathlib.Path(__file__).resolve().parent


def main():
    if not (HERE / "node_modules" / "@aws-sdk" / "client-sfn").is_dir():
        sys.exit(f"the client is missing: run npm install in {HERE}")
    with Pawl(arguments=["--execution-logs", "logs"]) as server:
        return subprocess.run(["node", str(HERE / "js_client.mjs"), server.endpoint], timeout=300, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
