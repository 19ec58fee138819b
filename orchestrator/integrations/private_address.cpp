#include "orchestrator/integrations/private_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace pawl {
namespace {

struct Range {
    std::uint32_t network;
    int bits;
    AddressKind kind;
};

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return a << 24U | b << 16U | c << 8U | d;
}

// The first that fits. Before all others: where clouds (Alibaba, Azure, Oracle) keep what their link-local address
// is to others.
constexpr std::array ranges{
    Range{ip(100, 100, 100, 200), 32, AddressKind::Link}, Range{ip(168, 63, 129, 16), 32, AddressKind::Link},
    Range{ip(192, 0, 0, 192), 32, AddressKind::Link},     Range{ip(0, 0, 0, 0), 8, AddressKind::Private},
    Range{ip(10, 0, 0, 0), 8, AddressKind::Private},      Range{ip(100, 64, 0, 0), 10, AddressKind::Private},
    Range{ip(127, 0, 0, 0), 8, AddressKind::Private},     Range{ip(169, 254, 0, 0), 16, AddressKind::Link},
    Range{ip(172, 16, 0, 0), 12, AddressKind::Private},   Range{ip(192, 0, 0, 0), 24, AddressKind::Private},
    Range{ip(192, 168, 0, 0), 16, AddressKind::Private},  Range{ip(198, 18, 0, 0), 15, AddressKind::Private},
    Range{ip(224, 0, 0, 0), 3, AddressKind::Private},
};

AddressKind kind_of_v4(std::uint32_t address) {
    for (const auto& range : ranges) {
        if (address >> (32 - range.bits) == range.network >> (32 - range.bits)) return range.kind;
    }
    return AddressKind::Public;
}

AddressKind kind_of_v6(const in6_addr& address) {
    const auto& bytes = address.s6_addr;
    const auto v4_at = [&](std::size_t at) { return ip(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]); };
    constexpr std::array<std::uint8_t, 12> translated{0, 0x64, 0xff, 0x9b};  // 64:ff9b::/96, NAT64
    if (std::memcmp(bytes, translated.data(), translated.size()) == 0) return kind_of_v4(v4_at(12));
    if (bytes[0] == 0x20 && bytes[1] == 0x02) return kind_of_v4(v4_at(2));  // 2002::/16, 6to4
    bool zeros = true;
    for (std::size_t i = 0; i < 10; ++i) zeros = zeros && bytes[i] == 0;
    if (zeros && bytes[10] == 0xff && bytes[11] == 0xff) return kind_of_v4(v4_at(12));  // ::ffff:a.b.c.d
    if (zeros) return AddressKind::Private;                                             // ::, ::1, ::a.b.c.d
    if (bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80) return AddressKind::Link;
    const auto begins_with = [&](const auto& prefix) { return std::memcmp(bytes, prefix.data(), prefix.size()) == 0; };
    // What a cloud tells its machines, in unique local addresses: AWS (fd00:ec2::/32), Google (fd20:ce::254).
    constexpr std::array<std::uint8_t, 4> aws{0xfd, 0x00, 0x0e, 0xc2};
    constexpr std::array<std::uint8_t, 16> google{0xfd, 0x20, 0x00, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54};
    if (begins_with(aws) || begins_with(google)) return AddressKind::Link;
    constexpr std::array<std::uint8_t, 6> local_nat64{0, 0x64, 0xff, 0x9b, 0, 1};  // RFC 8215
    const bool site_local = bytes[0] == 0xfe;                                      // fec0::/10, RFC 3879
    const bool unique_local = (bytes[0] & 0xfeU) == 0xfc;
    const bool here = site_local || unique_local || bytes[0] == 0xff || begins_with(local_nat64);
    return here ? AddressKind::Private : AddressKind::Public;
}

}  // namespace

AddressKind kind_of(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return kind_of_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof v6);
        return kind_of_v6(v6.sin6_addr);
    }
    return AddressKind::Link;
}

AddressKind kind_of(std::string_view address) {
    const std::string text{address.substr(0, address.find('%'))};  // without a zone
    in_addr v4{};
    if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return kind_of_v4(ntohl(v4.s_addr));
    in6_addr v6{};
    if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) return kind_of_v6(v6);
    return AddressKind::Link;
}

}  // namespace pawl
