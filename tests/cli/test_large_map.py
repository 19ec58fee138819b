"""A distributed Map over a large file: the run must not hold its items or results in memory."""
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

PAWL = os.environ["PAWL_BIN"]
ITEMS = 100_000
LIMIT_MEGABYTES = 300

DEFINITION = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                "Parameters": {"Bucket": "data", "Key": "items.csv"},
            },
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Keep",
                "States": {"Keep": {"Type": "Pass", "End": True}},
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "data", "Prefix": "results"},
            },
            "End": True,
        }
    },
}


class LargeMap(unittest.TestCase):
    def test_memory_is_bounded(self):
        with tempfile.TemporaryDirectory() as folder:
            bucket = Path(folder, "buckets", "data")
            bucket.mkdir(parents=True)
            with open(bucket / "items.csv", "w", encoding="utf-8") as items:
                items.write("id,name\n")
                items.writelines(f"{i},name-{i}\n" for i in range(ITEMS))
            Path(folder, "map.json").write_text(json.dumps(DEFINITION), encoding="utf-8")
            process = subprocess.Popen(
                [PAWL, "run", "map.json", "--store", "sqlite:pawl.db", "--buckets", "buckets"],
                cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            output = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            process.stdout.close()
            self.assertEqual(process.returncode, 0)
            self.assertLess(usage.ru_maxrss / 1024, LIMIT_MEGABYTES)
            key = json.loads(output)["ResultWriterDetails"]["Key"]
            manifest = json.loads((bucket / key).read_text(encoding="utf-8"))
            files = manifest["ResultFiles"]["SUCCEEDED"]
            results = [one for file in files for one in json.loads((bucket / file["Key"]).read_text(encoding="utf-8"))]
            self.assertEqual(len(results), ITEMS)
            self.assertEqual(json.loads(results[-1]["Output"]), {"id": str(ITEMS - 1), "name": f"name-{ITEMS - 1}"})


if __name__ == "__main__":
    unittest.main()
