// Where the checks of ARNs were: they serve all that speaks to the orchestrator now.
#pragma once
#include "orchestrator/arn.hpp"
