// The shapes of answers about Map Runs.
#include "web/rest/schemas.hpp"

namespace pawl::web::rest {
namespace {

constexpr std::string_view schemas = R"json({
  "MapRunSummary": {
    "type": "object",
    "required": ["mapRunArn", "executionArn", "state", "status", "startDate", "maxConcurrency", "toleratedFailureCount",
                 "toleratedFailurePercentage", "items", "redriveCount"],
    "additionalProperties": false,
    "properties": {
      "mapRunArn": {"type": "string"},
      "executionArn": {"type": "string", "description": "The execution whose Map it is"},
      "state": {"type": "string", "description": "Name of the Map state"},
      "status": {"type": "string", "enum": ["RUNNING", "SUCCEEDED", "FAILED", "ABORTED"]},
      "startDate": {"type": "string", "format": "date-time"},
      "stopDate": {"type": "string", "format": "date-time", "description": "Absent while it runs"},
      "maxConcurrency": {"type": "integer", "minimum": 0, "description": "0: as many as there may be"},
      "toleratedFailureCount": {"type": "integer", "minimum": 0},
      "toleratedFailurePercentage": {"type": "number", "minimum": 0, "maximum": 100},
      "items": {"type": "integer", "minimum": 0, "description": "In all; 0 while it is not known yet"},
      "redriveCount": {"type": "integer", "minimum": 0}
    },
    "example": {
      "mapRunArn": "arn:aws:states:us-east-1:000000000000:mapRun:order/Items:0f1d6c2e",
      "executionArn": "arn:aws:states:us-east-1:000000000000:execution:order:order-7",
      "state": "Items",
      "status": "RUNNING",
      "startDate": "2026-11-22T13:46:46.123Z",
      "maxConcurrency": 0,
      "toleratedFailureCount": 0,
      "toleratedFailurePercentage": 0,
      "items": 3,
      "redriveCount": 0
    }
  },
  "MapRun": {
    "type": "object",
    "required": ["mapRunArn", "executionArn", "state", "status", "startDate", "maxConcurrency", "toleratedFailureCount",
                 "toleratedFailurePercentage", "items", "redriveCount", "executionsByStatus", "itemsByStatus"],
    "additionalProperties": false,
    "properties": {
      "mapRunArn": {"type": "string"},
      "executionArn": {"type": "string", "description": "The execution whose Map it is"},
      "state": {"type": "string", "description": "Name of the Map state"},
      "status": {"type": "string", "enum": ["RUNNING", "SUCCEEDED", "FAILED", "ABORTED"]},
      "startDate": {"type": "string", "format": "date-time"},
      "stopDate": {"type": "string", "format": "date-time", "description": "Absent while it runs"},
      "maxConcurrency": {"type": "integer", "minimum": 0, "description": "0: as many as there may be"},
      "toleratedFailureCount": {"type": "integer", "minimum": 0},
      "toleratedFailurePercentage": {"type": "number", "minimum": 0, "maximum": 100},
      "items": {"type": "integer", "minimum": 0, "description": "In all; 0 while it is not known yet"},
      "redriveCount": {"type": "integer", "minimum": 0},
      "executionsByStatus": {"$ref": "#/components/schemas/CountsByStatus"},
      "itemsByStatus": {"$ref": "#/components/schemas/CountsByStatus"}
    },
    "example": {
      "mapRunArn": "arn:aws:states:us-east-1:000000000000:mapRun:order/Items:0f1d6c2e",
      "executionArn": "arn:aws:states:us-east-1:000000000000:execution:order:order-7",
      "state": "Items",
      "status": "RUNNING",
      "startDate": "2026-11-22T13:46:46.123Z",
      "maxConcurrency": 0,
      "toleratedFailureCount": 0,
      "toleratedFailurePercentage": 0,
      "items": 3,
      "redriveCount": 0,
      "executionsByStatus": {"RUNNING": 2, "SUCCEEDED": 1},
      "itemsByStatus": {"RUNNING": 2, "SUCCEEDED": 1}
    }
  },
  "CountsByStatus": {
    "type": "object",
    "description": "How many are in which status; a status that none is in is left out",
    "additionalProperties": {"type": "integer", "minimum": 1},
    "example": {"SUCCEEDED": 3}
  },
  "MapRunList": {
    "type": "object",
    "required": ["mapRuns"],
    "additionalProperties": false,
    "properties": {"mapRuns": {"type": "array", "items": {"$ref": "#/components/schemas/MapRunSummary"}}},
    "example": {"mapRuns": []}
  }
})json";

}  // namespace

Json map_run_schemas() { return *parse_json(schemas); }

}  // namespace pawl::web::rest
