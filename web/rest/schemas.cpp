#include "web/rest/schemas.hpp"

#include <string_view>

#include "web/rest/function_schemas.hpp"

namespace pawl::web::rest {
namespace {

constexpr std::string_view requests = R"json({
  "CreateStateMachine": {
    "type": "object",
    "required": ["name", "definition"],
    "additionalProperties": false,
    "properties": {
      "name": {"type": "string", "minLength": 1, "maxLength": 80},
      "definition": {"$ref": "#/components/schemas/Definition"},
      "roleArn": {"type": "string", "description": "Kept and shown; Pawl assumes no roles"},
      "type": {"$ref": "#/components/schemas/MachineType"},
      "tags": {"type": "object", "additionalProperties": {"type": "string"}}
    },
    "example": {
      "name": "order",
      "definition": {"StartAt": "Greet", "States": {"Greet": {"Type": "Pass", "Result": "hello", "End": true}}}
    }
  },
  "ReplaceStateMachine": {
    "type": "object",
    "required": ["definition"],
    "additionalProperties": false,
    "properties": {
      "definition": {"$ref": "#/components/schemas/Definition"},
      "roleArn": {"type": "string"}
    },
    "example": {"definition": {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}}
  },
  "UpdateStateMachine": {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": false,
    "properties": {
      "definition": {"$ref": "#/components/schemas/Definition"},
      "roleArn": {"type": "string"}
    },
    "example": {"roleArn": "arn:aws:iam::000000000000:role/orders"}
  },
  "StartExecution": {
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "name": {"type": "string", "minLength": 1, "maxLength": 80, "description": "Made up when it is left out"},
      "input": {"description": "Any JSON value; an empty object when it is left out"},
      "inputText": {"type": "string", "description": "The input as JSON text, instead of `input`: kept byte for byte"}
    },
    "example": {"name": "order-7", "input": {"items": 3}}
  },
  "PublishVersion": {
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "description": {"type": "string", "maxLength": 256},
      "revisionId": {"type": "string", "description": "Only if this is what the machine is now; INITIAL: as it was created"}
    },
    "example": {"description": "what runs in production"}
  },
  "Weights": {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 2,
    "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 100},
    "description": "Version number to percent of the executions; they make 100"
  },
  "CreateAlias": {
    "type": "object",
    "required": ["name", "weights"],
    "additionalProperties": false,
    "properties": {
      "name": {"type": "string", "minLength": 1, "maxLength": 80},
      "description": {"type": "string", "maxLength": 256},
      "weights": {"$ref": "#/components/schemas/Weights"}
    },
    "example": {"name": "PROD", "weights": {"1": 90, "2": 10}}
  },
  "UpdateAlias": {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": false,
    "properties": {
      "description": {"type": "string", "maxLength": 256},
      "weights": {"$ref": "#/components/schemas/Weights"}
    },
    "example": {"weights": {"2": 100}}
  },
  "CallbackOutput": {"description": "The task's output: any JSON value; an empty object when there is no body", "example": {"approved": true}},
  "ErrorReport": {
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "error": {"type": "string", "maxLength": 256, "description": "A name, for Retry and Catch to match"},
      "cause": {"type": "string", "maxLength": 32768, "description": "Free text, for people"}
    },
    "example": {"error": "OutOfStock", "cause": "none left"}
  },
  "TaskSuccess": {
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "output": {"description": "Any JSON value"},
      "outputText": {"type": "string", "description": "The output as JSON text, instead of `output`"}
    },
    "example": {"output": {"charged": true}}
  },
  "Nothing": {"type": "object", "additionalProperties": false, "properties": {}, "example": {}},
  "ValidateRequest": {
    "description": "A definition as it stands in its file, JSON or YAML, so that lines and columns are the file's; or an object with `definition` (a definition or its text) and `type`",
    "example": {"StartAt": "Greet", "States": {"Greet": {"Type": "Pass", "End": true}}}
  },
  "Definition": {
    "type": ["object", "string"],
    "description": "An Amazon States Language document, as an object or as its text. A text in JSON is kept byte for byte; YAML becomes the JSON that it means."
  }
})json";

constexpr std::string_view answers = R"json({
  "MachineType": {"type": "string", "enum": ["STANDARD", "EXPRESS"], "default": "STANDARD"},
  "ExecutionStatus": {
    "type": "string",
    "enum": ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]
  },
  "StateMachineSummary": {
    "type": "object",
    "required": ["stateMachineArn", "name", "type", "status", "creationDate", "updateDate", "revisionId", "roleArn"],
    "additionalProperties": false,
    "properties": {
      "stateMachineArn": {"type": "string"},
      "name": {"type": "string"},
      "type": {"$ref": "#/components/schemas/MachineType"},
      "status": {"type": "string", "enum": ["ACTIVE", "DELETING"]},
      "creationDate": {"type": "string", "format": "date-time"},
      "updateDate": {"type": "string", "format": "date-time"},
      "revisionId": {"type": "string"},
      "roleArn": {"type": "string"}
    }
  },
  "StateMachine": {
    "type": "object",
    "required": ["stateMachineArn", "name", "type", "status", "creationDate", "updateDate", "revisionId", "roleArn",
                 "definition", "definitionText", "tags"],
    "additionalProperties": false,
    "properties": {
      "stateMachineArn": {"type": "string"},
      "name": {"type": "string"},
      "type": {"$ref": "#/components/schemas/MachineType"},
      "status": {"type": "string", "enum": ["ACTIVE", "DELETING"]},
      "creationDate": {"type": "string", "format": "date-time"},
      "updateDate": {"type": "string", "format": "date-time"},
      "revisionId": {"type": "string"},
      "roleArn": {"type": "string"},
      "definition": {"type": "object"},
      "definitionText": {"type": "string", "description": "Byte for byte as it was sent"},
      "tags": {"type": "object", "additionalProperties": {"type": "string"}}
    },
    "example": {
      "stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:order",
      "name": "order",
      "type": "STANDARD",
      "status": "ACTIVE",
      "creationDate": "2026-11-22T13:46:46.123Z",
      "updateDate": "2026-11-22T13:46:46.123Z",
      "revisionId": "aa6f6c1e-7b0f-4b0e-9a3a-2f1d6f1c9c11",
      "roleArn": "arn:aws:iam::000000000000:role/pawl",
      "definition": {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}},
      "definitionText": "{\"StartAt\": \"Done\", \"States\": {\"Done\": {\"Type\": \"Succeed\"}}}",
      "tags": {}
    }
  },
  "StateMachinePage": {
    "type": "object",
    "required": ["stateMachines"],
    "additionalProperties": false,
    "properties": {
      "stateMachines": {"type": "array", "items": {"$ref": "#/components/schemas/StateMachineSummary"}},
      "nextCursor": {"type": "string", "description": "There is more: pass it as `cursor`"}
    },
    "example": {"stateMachines": []}
  },
  "Version": {
    "type": "object",
    "required": ["versionArn", "version", "creationDate", "description"],
    "additionalProperties": false,
    "properties": {
      "versionArn": {"type": "string"},
      "version": {"type": "integer", "minimum": 1},
      "creationDate": {"type": "string", "format": "date-time"},
      "description": {"type": "string"}
    }
  },
  "VersionPage": {
    "type": "object",
    "required": ["versions"],
    "additionalProperties": false,
    "properties": {
      "versions": {"type": "array", "items": {"$ref": "#/components/schemas/Version"}},
      "nextCursor": {"type": "string", "description": "There is more: pass it as `cursor`"}
    },
    "example": {"versions": []}
  },
  "Alias": {
    "type": "object",
    "required": ["aliasArn", "name", "description", "weights", "creationDate", "updateDate"],
    "additionalProperties": false,
    "properties": {
      "aliasArn": {"type": "string"},
      "name": {"type": "string"},
      "description": {"type": "string"},
      "weights": {"$ref": "#/components/schemas/Weights"},
      "creationDate": {"type": "string", "format": "date-time"},
      "updateDate": {"type": "string", "format": "date-time"}
    }
  },
  "AliasPage": {
    "type": "object",
    "required": ["aliases"],
    "additionalProperties": false,
    "properties": {
      "aliases": {"type": "array", "items": {"$ref": "#/components/schemas/Alias"}},
      "nextCursor": {"type": "string", "description": "There is more: pass it as `cursor`"}
    },
    "example": {"aliases": []}
  },
  "ExecutionSummary": {
    "type": "object",
    "required": ["executionArn", "name", "stateMachineArn", "stateMachineName", "status", "startDate", "redriveCount"],
    "additionalProperties": false,
    "properties": {
      "executionArn": {"type": "string"},
      "name": {"type": "string"},
      "stateMachineArn": {"type": "string"},
      "stateMachineName": {"type": "string"},
      "status": {"$ref": "#/components/schemas/ExecutionStatus"},
      "startDate": {"type": "string", "format": "date-time"},
      "stopDate": {"type": "string", "format": "date-time", "description": "Absent while it runs"},
      "version": {"type": "integer", "minimum": 1, "description": "The version that it runs, when it was started by one or by an alias"},
      "alias": {"type": "string", "description": "The alias that it was started by"},
      "redriveCount": {"type": "integer", "minimum": 0},
      "redriveDate": {"type": "string", "format": "date-time"},
      "error": {"type": "string", "description": "Of one that ended otherwise than well; only in answers to a search for it"},
      "itemIndex": {"type": "integer", "minimum": 0, "description": "Of a Map Run's child: which of the run's children it is, from 0"}
    }
  },
  "Execution": {
    "type": "object",
    "required": ["executionArn", "name", "stateMachineArn", "stateMachineName", "status", "startDate", "redriveCount",
                 "input", "inputText"],
    "additionalProperties": false,
    "properties": {
      "executionArn": {"type": "string"},
      "name": {"type": "string"},
      "stateMachineArn": {"type": "string"},
      "stateMachineName": {"type": "string"},
      "status": {"$ref": "#/components/schemas/ExecutionStatus"},
      "startDate": {"type": "string", "format": "date-time"},
      "stopDate": {"type": "string", "format": "date-time", "description": "Absent while it runs"},
      "version": {"type": "integer", "minimum": 1, "description": "The version that it runs, when it was started by one or by an alias"},
      "alias": {"type": "string", "description": "The alias that it was started by"},
      "redriveCount": {"type": "integer", "minimum": 0},
      "redriveDate": {"type": "string", "format": "date-time"},
      "traceHeader": {"type": "string"},
      "input": {"description": "The input as a JSON value"},
      "inputText": {"type": "string", "description": "The input exactly as it was sent"},
      "output": {"description": "Of one that succeeded"},
      "outputText": {"type": "string"},
      "error": {"type": "string", "description": "Of one that ended otherwise"},
      "cause": {"type": "string"},
      "mapRunArn": {"type": "string", "description": "Of a Map Run's child: the run that it belongs to"},
      "mapState": {"type": "string", "description": "Likewise: the name of the Map state, whose processor it runs"},
      "parentExecutionArn": {"type": "string", "description": "Likewise: the execution with that Map"},
      "itemIndex": {"type": "integer", "minimum": 0, "description": "Likewise: which of the run's children it is, from 0"}
    },
    "example": {
      "executionArn": "arn:aws:states:us-east-1:000000000000:execution:order:order-7",
      "name": "order-7",
      "stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:order",
      "stateMachineName": "order",
      "status": "SUCCEEDED",
      "startDate": "2026-11-22T13:46:46.123Z",
      "stopDate": "2026-11-22T13:46:46.321Z",
      "redriveCount": 0,
      "input": {"items": 3},
      "inputText": "{\"items\":3}",
      "output": "hello",
      "outputText": "\"hello\""
    }
  },
  "ExecutionPage": {
    "type": "object",
    "required": ["executions"],
    "additionalProperties": false,
    "properties": {
      "executions": {"type": "array", "items": {"$ref": "#/components/schemas/ExecutionSummary"}},
      "nextCursor": {"type": "string", "description": "There is more: pass it as `cursor`"}
    },
    "example": {"executions": []}
  },
  "HistoryEvent": {
    "type": "object",
    "description": "As GetExecutionHistory of the AWS API gives it: beside these, one member with details that belong to the type",
    "required": ["timestamp", "type", "id", "previousEventId"],
    "properties": {
      "timestamp": {"type": "number", "description": "Seconds since 1970"},
      "type": {"type": "string"},
      "id": {"type": "integer", "minimum": 1},
      "previousEventId": {"type": "integer", "minimum": 0}
    }
  },
  "HistoryPage": {
    "type": "object",
    "required": ["events"],
    "additionalProperties": false,
    "properties": {
      "events": {"type": "array", "items": {"$ref": "#/components/schemas/HistoryEvent"}},
      "nextAfter": {"type": "integer", "minimum": 1, "description": "There is more: pass it as `after`"}
    },
    "example": {
      "events": [{
        "timestamp": 1795355206.123,
        "type": "ExecutionStarted",
        "id": 1,
        "previousEventId": 0,
        "executionStartedEventDetails": {"input": "{}", "inputDetails": {"truncated": false}, "roleArn": "arn:aws:iam::000000000000:role/pawl"}
      }]
    }
  },
  "Revisions": {
    "type": "object",
    "required": ["revisions"],
    "additionalProperties": false,
    "properties": {
      "revisions": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["revisionId", "creationDate", "current", "definitionText"],
          "additionalProperties": false,
          "properties": {
            "revisionId": {"type": "string"},
            "creationDate": {"type": "string", "format": "date-time"},
            "current": {"type": "boolean"},
            "definitionText": {"type": "string"}
          }
        }
      }
    },
    "example": {"revisions": []}
  },
  "Statistics": {
    "type": "object",
    "description": "Of the newest executions; durations are in milliseconds",
    "required": ["executions", "byStatus", "p50Ms", "p95Ms", "complete", "states"],
    "additionalProperties": false,
    "properties": {
      "executions": {"type": "integer", "minimum": 0, "description": "How many were looked at"},
      "byStatus": {"type": "object", "additionalProperties": {"type": "integer"}},
      "p50Ms": {"type": "integer"},
      "p95Ms": {"type": "integer"},
      "complete": {"type": "boolean", "description": "There are no others"},
      "states": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["name", "type", "visits", "failures", "retries", "p50Ms", "p95Ms", "maxMs"],
          "additionalProperties": false,
          "properties": {
            "name": {"type": "string"},
            "type": {"type": "string"},
            "visits": {"type": "integer"},
            "failures": {"type": "integer", "description": "Visits whose last attempt failed, also when it was caught"},
            "retries": {"type": "integer"},
            "p50Ms": {"type": "integer"},
            "p95Ms": {"type": "integer"},
            "maxMs": {"type": "integer"}
          }
        }
      }
    },
    "example": {"executions": 0, "byStatus": {}, "p50Ms": 0, "p95Ms": 0, "complete": true, "states": []}
  },
  "Diagnostic": {
    "type": "object",
    "required": ["severity", "code", "message", "location", "line", "column"],
    "additionalProperties": false,
    "properties": {
      "severity": {"type": "string", "enum": ["ERROR", "WARNING"]},
      "code": {"type": "string"},
      "message": {"type": "string"},
      "location": {"type": "string", "description": "JSON pointer into the definition"},
      "line": {"type": "integer", "minimum": 1},
      "column": {"type": "integer", "minimum": 1},
      "hint": {"type": "string", "description": "What to do about it"}
    }
  },
  "Validation": {
    "type": "object",
    "required": ["valid", "diagnostics"],
    "additionalProperties": false,
    "properties": {
      "valid": {"type": "boolean", "description": "No diagnostic is an error"},
      "diagnostics": {"type": "array", "items": {"$ref": "#/components/schemas/Diagnostic"}},
      "json": {"type": "string", "description": "Of a definition in YAML: the JSON that it means"}
    },
    "example": {"valid": true, "diagnostics": []}
  },
  "EventStream": {
    "type": "string",
    "description": "Server-sent events: `history` (its id is the event's, its data a HistoryEvent) for each event there was and will be, then `status` (data: executionArn, status) when the execution has ended, and the end of the stream. A reconnect with Last-Event-ID goes on where the stream broke off."
  },
  "Problem": {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
      "type": {"type": "string", "description": "urn:pawl:problem:CODE"},
      "title": {"type": "string"},
      "status": {"type": "integer", "minimum": 400, "maximum": 599},
      "detail": {"type": "string", "description": "What happened this time"},
      "code": {"type": "string", "description": "As the AWS API names it, where it does"},
      "diagnostics": {"type": "array", "items": {"$ref": "#/components/schemas/Diagnostic"}},
      "violations": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["pointer", "message"],
          "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}}
        }
      }
    },
    "example": {
      "type": "urn:pawl:problem:ExecutionDoesNotExist",
      "title": "There is no such execution",
      "status": 404,
      "detail": "Execution Does Not Exist: 'arn:aws:states:us-east-1:000000000000:execution:order:order-8'",
      "code": "ExecutionDoesNotExist"
    }
  }
})json";

Json all_schemas() {
    Json all = *parse_json(requests);
    for (const Json& more : {*parse_json(answers), map_run_schemas(), *parse_json(function_schemas)}) {
        for (const auto& [name, schema] : more.items()) all[name] = schema;
    }
    return all;
}

}  // namespace

const Json& component_schemas() {
    static const Json schemas = all_schemas();
    return schemas;
}

}  // namespace pawl::web::rest
