// The shapes that routes of functions answer with: components of /openapi.json.
#pragma once
#include <string_view>

namespace pawl::web::rest {

inline constexpr std::string_view function_schemas = R"json({
  "FunctionSummary": {
    "type": "object",
    "required": ["name", "arn", "timeoutSeconds", "running", "queued", "invocations", "errors"],
    "additionalProperties": false,
    "description": "Of command, runtime and url one says what runs",
    "properties": {
      "name": {"type": "string"},
      "arn": {"type": "string"},
      "command": {"type": "array", "items": {"type": "string"}, "description": "Program and arguments"},
      "runtime": {"type": "string"},
      "handler": {"type": "string"},
      "url": {"type": "string", "description": "Of an HTTP function, without what may be secret in it"},
      "timeoutSeconds": {"type": "integer", "minimum": 1, "description": "Of one invocation"},
      "maxConcurrency": {"type": "integer", "minimum": 0, "description": "Invocations at the same time"},
      "processes": {"type": "integer", "minimum": 0, "description": "That are up now, busy or warm"},
      "running": {"type": "integer", "minimum": 0},
      "queued": {"type": "integer", "minimum": 0, "description": "Invocations that wait for a process"},
      "invocations": {"type": "integer", "minimum": 0, "description": "Ended ones since the server started"},
      "errors": {"type": "integer", "minimum": 0, "description": "Of these, the ones that ended with an error"},
      "lastInvocation": {"type": "string", "format": "date-time"}
    },
    "example": {
      "name": "resize", "arn": "arn:aws:lambda:us-east-1:000000000000:function:resize", "runtime": "python3.11",
      "handler": "app.handler", "timeoutSeconds": 30, "maxConcurrency": 8, "processes": 2, "running": 1, "queued": 0,
      "invocations": 12, "errors": 0
    }
  },
  "FunctionList": {
    "type": "object",
    "required": ["functions"],
    "additionalProperties": false,
    "properties": {"functions": {"type": "array", "items": {"$ref": "#/components/schemas/FunctionSummary"}}}
  },
  "Invocation": {
    "type": "object",
    "required": ["requestId", "finished", "log"],
    "additionalProperties": false,
    "properties": {
      "requestId": {"type": "string"},
      "startDate": {"type": "string", "format": "date-time"},
      "finished": {"type": "boolean"},
      "durationMs": {"type": "number", "minimum": 0, "description": "Of the handler, without a cold start"},
      "billedMs": {"type": "integer", "minimum": 0},
      "initMs": {"type": "number", "minimum": 0, "description": "Of the cold start before it"},
      "error": {"type": "string", "description": "The error's name; left out on success"},
      "log": {"type": "string", "description": "The last 4 KiB that it printed, with Lambda's lines around them"},
      "truncated": {"type": "boolean", "description": "`log` is not all; the route of logs has more, while it is kept"}
    }
  },
  "InvocationPage": {
    "type": "object",
    "required": ["invocations"],
    "additionalProperties": false,
    "properties": {
      "invocations": {"type": "array", "items": {"$ref": "#/components/schemas/Invocation"}},
      "nextCursor": {"type": "string"}
    }
  },
  "FunctionLog": {
    "type": "object",
    "required": ["text", "nextAfter", "truncated"],
    "additionalProperties": false,
    "properties": {
      "text": {"type": "string", "description": "At most 256 KiB; empty when there is nothing new"},
      "nextAfter": {"type": "string", "description": "For `after`"},
      "truncated": {"type": "boolean", "description": "Something before `text` is left out"}
    }
  }
})json";

}  // namespace pawl::web::rest
