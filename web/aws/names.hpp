// Where the check of names was: it serves all that speaks to the orchestrator now.
#pragma once
#include "orchestrator/name_rules.hpp"
