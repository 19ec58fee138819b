// Which network addresses are not of the public internet. Spec: RFC 6890, special-purpose address registries.
#pragma once
#include <string_view>

struct sockaddr;

namespace pawl {

// Private: this machine, local networks; Link: link-local, and where a cloud tells its machines their credentials.
enum class AddressKind { Public, Private, Link };

AddressKind kind_of(const sockaddr& address);
// Of a numeric address: "127.0.0.1", "::1". What is none counts as Link: it leads nowhere good.
AddressKind kind_of(std::string_view address);

}  // namespace pawl
