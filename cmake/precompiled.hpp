// What nearly every source includes, parsed once for each library: it takes a third off a build from scratch.
#pragma once
#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "states/json.hpp"
