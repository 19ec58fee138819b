"""Terraform with the AWS provider against a live Pawl: plan, apply, a plan without changes, a change, and destroy.

Left out, loudly, where there is no terraform or no provider. The provider is looked for in a mirror: a folder that holds
HOST/hashicorp/aws/VERSION/…, which PAWL_TERRAFORM_PLUGINS or TF_PLUGIN_CACHE_DIR names, or one of those that
Terraform itself looks at. Nothing is downloaded.
"""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from harness import Api, ApiError, Pawl

MIRRORS = (
    os.environ.get("PAWL_TERRAFORM_PLUGINS"), os.environ.get("TF_PLUGIN_CACHE_DIR"), "~/.terraform.d/plugins", "~/.terraform.d/plugin-cache",
    "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins", "/opt/terraform/plugins",
)
EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "terraform"


def mirror():
    """The folder that has the provider, or None."""
    for name in filter(None, MIRRORS):
        folder = pathlib.Path(name).expanduser()
        if any(folder.glob("*/hashicorp/aws/*/*/terraform-provider-aws*")) or any(folder.glob("*/hashicorp/aws/*.zip")):
            return folder
    return None


def setUpModule():
    global pawl, api
    missing = "terraform" if not shutil.which("terraform") else "the AWS provider (PAWL_TERRAFORM_PLUGINS names its folder)" if not mirror() else None
    if missing:
        print(f"LEFT OUT: Terraform: there is no {missing}", file=sys.stderr, flush=True)
        raise unittest.SkipTest(f"no {missing}")
    pawl = Pawl().start()
    api = Fresh()


def tearDownModule():
    pawl.close()


class Fresh:
    """A connection for each call: between them Terraform works for longer than one is kept open."""

    def call(self, operation, **parameters):
        with contextlib.closing(Api(pawl.port)) as fresh:
            return fresh.call(operation, **parameters)

    def wait_for_end(self, arn):
        with contextlib.closing(Api(pawl.port)) as fresh:
            return fresh.wait_for_end(arn)


class Terraform(unittest.TestCase):
    """One story, told in order, since each start of the provider takes seconds."""

    def terraform(self, *arguments, status=0):
        # No proxy and no instance metadata: whatever is not asked of Pawl fails at once.
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1",
            "TF_VAR_endpoint": pawl.endpoint, "TF_CLI_CONFIG_FILE": str(self.folder / "terraformrc"), "AWS_EC2_METADATA_DISABLED": "true",
        }
        done = subprocess.run(["terraform", *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, status, f"terraform {' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
        return done.stdout + done.stderr

    def plan(self, changes, **variables):
        """A plan, which tells by its exit status whether anything would change."""
        values = [f"-var={name}={value}" for name, value in variables.items()]
        return self.terraform("plan", "-no-color", "-input=false", "-detailed-exitcode", "-out=next.plan", *values, status=2 if changes else 0)

    def apply(self):
        """Does what the last plan says."""
        return self.terraform("apply", "-no-color", "-input=false", "next.plan")

    def outputs(self):
        return {name: output["value"] for name, output in json.loads(self.terraform("output", "-json")).items()}

    def setUp(self):
        own = tempfile.TemporaryDirectory()
        self.addCleanup(own.cleanup)
        self.folder = pathlib.Path(own.name)
        shutil.copy(EXAMPLE / "main.tf", self.folder)
        (self.folder / "terraformrc").write_text(
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror()}"\n  }}\n}}\n')
        self.terraform("init", "-no-color", "-input=false")

    def test_plan_apply_no_change_change_destroy(self):
        self.assertIn("6 to add, 0 to change, 0 to destroy", self.plan(changes=True))
        self.assertEqual(api.call("ListStateMachines")["stateMachines"], [], "a plan makes nothing")
        self.apply()
        made = self.outputs()
        orders, hooks = made["orders"], made["hooks"]
        described = api.call("DescribeStateMachine", stateMachineArn=orders)
        self.assertEqual((described["type"], described["status"]), ("STANDARD", "ACTIVE"))
        self.assertEqual({tag["key"]: tag["value"] for tag in api.call("ListTagsForResource", resourceArn=orders)["tags"]}, {"team": "orders"})
        express = api.call("DescribeStateMachine", stateMachineArn=hooks)
        self.assertEqual((express["type"], express["loggingConfiguration"]["level"]), ("EXPRESS", "ALL"))
        self.assertEqual(api.call("DescribeActivity", activityArn=made["packing"])["name"], "packing")
        self.assertEqual(made["found_arn"], orders, "the data source finds the machine")
        self.assertEqual(made["found_definition"], described["definition"])
        self.assertEqual(made["alias_version"], orders + ":1")
        self.assertEqual(self.run_by(made["alias"]), {"greeting": "hello"})

        self.assertIn("No changes", self.plan(changes=False))

        change = {"greeting": "welcome", "team": "shop", "log_level": "ERROR"}
        self.assertIn("0 to destroy", self.plan(changes=True, **change))
        self.apply()
        made = self.outputs()
        self.assertEqual(made["alias_version"], orders + ":2", "the change is published, and the alias follows")
        self.assertEqual(self.run_by(made["alias"]), {"greeting": "welcome"})
        self.assertEqual({tag["key"]: tag["value"] for tag in api.call("ListTagsForResource", resourceArn=orders)["tags"]}, {"team": "shop"})
        self.assertEqual(api.call("DescribeStateMachine", stateMachineArn=hooks)["loggingConfiguration"]["level"], "ERROR")
        self.assertIn("No changes", self.plan(changes=False, **change))

        # The provider has definitions checked while it plans.
        broken = self.terraform("plan", "-no-color", "-input=false", "-var=next=Nowhere", status=1)
        self.assertIn("MISSING_TRANSITION_TARGET", broken)

        self.terraform("destroy", "-no-color", "-input=false", "-auto-approve")
        self.assertEqual(api.call("ListStateMachines")["stateMachines"], [])
        self.assertEqual(api.call("ListActivities")["activities"], [])
        with self.assertRaises(ApiError) as gone:
            api.call("DescribeStateMachine", stateMachineArn=orders)
        self.assertEqual(gone.exception.name, "StateMachineDoesNotExist")

    def run_by(self, arn):
        execution = api.call("StartExecution", stateMachineArn=arn)["executionArn"]
        return json.loads(api.wait_for_end(execution)["output"])


if __name__ == "__main__":
    unittest.main()
