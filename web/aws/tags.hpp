// Tags as requests and answers have them: a list of {key, value}. Ours are an object, so a key is there once.
#pragma once
#include "web/aws/members.hpp"

namespace pawl::web::aws {

// Of the member "tags"; a key that comes twice has its last value.
inline Json tags_of(const Arguments& arguments) {
    Json tags = empty_object();
    if (const Json* sent = arguments.find("tags")) {
        for (const auto& tag : *sent) tags[Arguments{tag}.text("key")] = Arguments{tag}.text("value");
    }
    return tags;
}

inline Json tag_list(const Json& tags) {
    Json list = Json::array();
    for (const auto& [key, value] : tags.items()) list.push_back(Json{{"key", key}, {"value", value}});
    return list;
}

}  // namespace pawl::web::aws
