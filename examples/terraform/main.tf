# State machines, an alias and an activity, made in a running Pawl:
#
#   pawl serve &
#   terraform init && terraform apply
#
# Only the provider block differs from what AWS needs.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {
  default = "http://127.0.0.1:8083"
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
  endpoints {
    sfn = var.endpoint
  }
}

variable "greeting" {
  default = "hello"
}

variable "team" {
  default = "orders"
}

variable "log_level" {
  default = "ALL"
}

variable "next" {
  default = "Done"
}

locals {
  role = "arn:aws:iam::000000000000:role/workflows"
}

resource "aws_sfn_state_machine" "orders" {
  name     = "orders"
  role_arn = local.role
  publish  = true
  tags     = { team = var.team }
  definition = jsonencode({
    StartAt = "Greet"
    States = {
      Greet = { Type = "Pass", Result = { greeting = var.greeting }, Next = var.next }
      Done  = { Type = "Succeed" }
    }
  })
}

resource "aws_sfn_alias" "live" {
  name = "live"
  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.orders.state_machine_version_arn
    weight                    = 100
  }
}

resource "aws_sfn_state_machine" "hooks" {
  name     = "hooks"
  type     = "EXPRESS"
  role_arn = local.role
  definition = jsonencode({
    StartAt = "Accept"
    States  = { Accept = { Type = "Pass", End = true } }
  })
  logging_configuration {
    log_destination        = "arn:aws:logs:us-east-1:000000000000:log-group:/hooks:*"
    include_execution_data = true
    level                  = var.log_level
  }
  tracing_configuration {
    enabled = true
  }
}

resource "aws_sfn_activity" "packing" {
  name = "packing"
  tags = { team = var.team }
}

resource "aws_sfn_state_machine" "packs" {
  name     = "packs"
  role_arn = local.role
  definition = jsonencode({
    StartAt = "Pack"
    States  = { Pack = { Type = "Task", Resource = aws_sfn_activity.packing.id, TimeoutSeconds = 60, End = true } }
  })
}

resource "aws_sfn_alias" "previous" {
  name        = "steady"
  description = "does not follow"
  routing_configuration {
    state_machine_version_arn = "${aws_sfn_state_machine.orders.arn}:1"
    weight                    = 100
  }
}

data "aws_sfn_state_machine" "found" {
  name       = aws_sfn_state_machine.orders.name
  depends_on = [aws_sfn_state_machine.orders]
}

data "aws_sfn_activity" "found" {
  name       = aws_sfn_activity.packing.name
  depends_on = [aws_sfn_activity.packing]
}

data "aws_sfn_alias" "found" {
  name             = aws_sfn_alias.live.name
  statemachine_arn = aws_sfn_state_machine.orders.arn
}

data "aws_sfn_state_machine_versions" "found" {
  statemachine_arn = aws_sfn_state_machine.orders.arn
  depends_on       = [aws_sfn_alias.live]
}

output "orders" { value = aws_sfn_state_machine.orders.arn }
output "hooks" { value = aws_sfn_state_machine.hooks.arn }
output "packing" { value = data.aws_sfn_activity.found.arn }
output "alias" { value = aws_sfn_alias.live.arn }
output "alias_version" { value = data.aws_sfn_alias.found.routing_configuration[0].state_machine_version_arn }
output "found_arn" { value = data.aws_sfn_state_machine.found.arn }
output "found_definition" { value = data.aws_sfn_state_machine.found.definition }
output "versions" { value = data.aws_sfn_state_machine_versions.found.statemachine_versions }
