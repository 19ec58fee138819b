// Lists in pages: MaxItems of them, then a Marker to go on at. A marker is the key of the last one, in hexadecimal: it
// stays good when others come and go.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/api_error.hpp"
#include "web/aws/members.hpp"

namespace pawl::web::lambda {

struct Listed {
    std::string key;              // what the list is ordered by
    std::function<Json()> shown;  // asked of those on the page alone
};

// A key that orders a function's versions by their number, $LATEST first.
std::string version_key(std::string_view function, std::int64_t version);

// {`name`: […], "NextMarker": …}; InvalidParameterValueException for a marker that is none.
ApiResult<Json> page_of(std::vector<Listed> all, const std::string& name, const aws::Arguments& arguments);

}  // namespace pawl::web::lambda
