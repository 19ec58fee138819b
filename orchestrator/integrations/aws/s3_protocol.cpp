// Enough of S3's REST with XML: objects and buckets. Spec: Amazon S3 API Reference.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <locale>
#include <sstream>

#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/integrations/aws/xml_answer.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/text_encodings.hpp"
#include "states/letter_case.hpp"

namespace pawl::aws {
namespace {

struct Operation {
    std::string_view action;
    std::string_view method;
    bool bucket;
    bool key;
    std::string_view query;  // what marks it: "list-type=2"
};

constexpr auto operations = std::to_array<Operation>({
    {"ListBuckets", "GET", false, false, ""},
    {"CreateBucket", "PUT", true, false, ""},
    {"DeleteBucket", "DELETE", true, false, ""},
    {"HeadBucket", "HEAD", true, false, ""},
    {"ListObjects", "GET", true, false, ""},
    {"ListObjectsV2", "GET", true, false, "list-type=2"},
    {"GetObject", "GET", true, true, ""},
    {"HeadObject", "HEAD", true, true, ""},
    {"PutObject", "PUT", true, true, ""},
    {"CopyObject", "PUT", true, true, ""},
    {"DeleteObject", "DELETE", true, true, ""},
});

struct Placed {
    std::string_view member;
    std::string_view name;
};

constexpr auto header_members = std::to_array<Placed>({
    {"ACL", "x-amz-acl"},
    {"CacheControl", "Cache-Control"},
    {"ContentDisposition", "Content-Disposition"},
    {"ContentEncoding", "Content-Encoding"},
    {"ContentLanguage", "Content-Language"},
    {"ContentType", "Content-Type"},
    {"CopySourceIfMatch", "x-amz-copy-source-if-match"},
    {"ExpectedBucketOwner", "x-amz-expected-bucket-owner"},
    {"Expires", "Expires"},
    {"IfMatch", "If-Match"},
    {"IfModifiedSince", "If-Modified-Since"},
    {"IfNoneMatch", "If-None-Match"},
    {"IfUnmodifiedSince", "If-Unmodified-Since"},
    {"MetadataDirective", "x-amz-metadata-directive"},
    {"Range", "Range"},
    {"RequestPayer", "x-amz-request-payer"},
    {"SSEKMSKeyId", "x-amz-server-side-encryption-aws-kms-key-id"},
    {"ServerSideEncryption", "x-amz-server-side-encryption"},
    {"StorageClass", "x-amz-storage-class"},
    {"Tagging", "x-amz-tagging"},
    {"TaggingDirective", "x-amz-tagging-directive"},
    {"WebsiteRedirectLocation", "x-amz-website-redirect-location"},
});

constexpr auto query_members = std::to_array<Placed>({
    {"ContinuationToken", "continuation-token"},
    {"Delimiter", "delimiter"},
    {"EncodingType", "encoding-type"},
    {"FetchOwner", "fetch-owner"},
    {"Marker", "marker"},
    {"MaxKeys", "max-keys"},
    {"PartNumber", "partNumber"},
    {"Prefix", "prefix"},
    {"ResponseContentType", "response-content-type"},
    {"StartAfter", "start-after"},
    {"VersionId", "versionId"},
});

enum class Kind { Text, Number, Truth, Date };
struct Answered {
    std::string_view name;
    std::string_view member;
    Kind kind;
    bool of_content;  // only where an object is read
};

constexpr auto answered_headers = std::to_array<Answered>({
    {"Accept-Ranges", "AcceptRanges", Kind::Text, true},
    {"Cache-Control", "CacheControl", Kind::Text, true},
    {"Content-Disposition", "ContentDisposition", Kind::Text, true},
    {"Content-Encoding", "ContentEncoding", Kind::Text, true},
    {"Content-Language", "ContentLanguage", Kind::Text, true},
    {"Content-Length", "ContentLength", Kind::Number, true},
    {"Content-Range", "ContentRange", Kind::Text, true},
    {"Content-Type", "ContentType", Kind::Text, true},
    {"ETag", "ETag", Kind::Text, false},
    {"Last-Modified", "LastModified", Kind::Date, true},
    {"Location", "Location", Kind::Text, false},
    {"x-amz-bucket-region", "BucketRegion", Kind::Text, false},
    {"x-amz-checksum-crc32", "ChecksumCRC32", Kind::Text, false},
    {"x-amz-checksum-crc32c", "ChecksumCRC32C", Kind::Text, false},
    {"x-amz-checksum-crc64nvme", "ChecksumCRC64NVME", Kind::Text, false},
    {"x-amz-checksum-sha1", "ChecksumSHA1", Kind::Text, false},
    {"x-amz-checksum-sha256", "ChecksumSHA256", Kind::Text, false},
    {"x-amz-checksum-type", "ChecksumType", Kind::Text, false},
    {"x-amz-delete-marker", "DeleteMarker", Kind::Truth, false},
    {"x-amz-expiration", "Expiration", Kind::Text, false},
    {"x-amz-mp-parts-count", "PartsCount", Kind::Number, true},
    {"x-amz-request-charged", "RequestCharged", Kind::Text, false},
    {"x-amz-server-side-encryption-aws-kms-key-id", "SSEKMSKeyId", Kind::Text, false},
    {"x-amz-server-side-encryption", "ServerSideEncryption", Kind::Text, false},
    {"x-amz-storage-class", "StorageClass", Kind::Text, true},
    {"x-amz-tagging-count", "TagCount", Kind::Number, true},
    {"x-amz-version-id", "VersionId", Kind::Text, false},
});

const Operation* find_operation(std::string_view action) {
    const auto found = std::ranges::find(operations, action, &Operation::action);
    return found == operations.end() ? nullptr : &*found;
}

template <std::size_t N>
const Placed* find_member(const std::array<Placed, N>& table, std::string_view member) {
    const auto found = std::ranges::find(table, member, &Placed::member);
    return found == table.end() ? nullptr : &*found;
}

std::string crc32_of(std::string_view bytes) {
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    std::string big_endian;
    for (int shift = 24; shift >= 0; shift -= 8) big_endian += static_cast<char>(sum >> shift & 0xffU);
    return to_base64(big_endian);
}

// "Thu, 18 Apr 2024 06:27:01 GMT" -> "2024-04-18T06:27:01Z"; what is no date stays.
std::string iso_date(const std::string& date) {
    std::tm parts{};
    std::istringstream in{date};
    in.imbue(std::locale::classic());
    in >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S");
    if (in.fail()) return date;
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << std::put_time(&parts, "%Y-%m-%dT%H:%M:%SZ");
    return out.str();
}

Json value_of(const std::string& text, Kind kind) {
    switch (kind) {
        case Kind::Number:
            return std::strtoll(text.c_str(), nullptr, 10);
        case Kind::Truth:
            return text == "true";
        case Kind::Date:
            return iso_date(text);
        case Kind::Text:
            break;
    }
    return text;
}

Json members_of_headers(const HttpAnswer& answer, bool content) {
    Json result = Json::object();
    for (const auto& known : answered_headers) {
        if (known.of_content && !content) continue;
        if (const auto text = header_of(answer.headers, known.name); !text.empty()) {
            result[std::string{known.member}] = value_of(text, known.kind);
        }
    }
    if (!content) return result;
    constexpr std::string_view prefix = "x-amz-meta-";
    Json metadata = Json::object();
    for (const auto& [name, value] : answer.headers) {
        const auto low = lower_case(name);
        if (low.starts_with(prefix)) metadata[low.substr(prefix.size())] = value;
    }
    result["Metadata"] = std::move(metadata);
    return result;
}

// Lists stay lists when they have one element, and numbers are numbers.
Json typed(Json value) {
    constexpr std::array<std::string_view, 4> numbers{"Size", "MaxKeys", "KeyCount", "PartNumber"};
    constexpr std::array<std::string_view, 2> lists{"Contents", "CommonPrefixes"};
    Json result = Json::object();
    for (auto& [name, member] : value.items()) {
        if (std::ranges::find(numbers, name) != numbers.end() && member.is_string()) {
            result[name] = value_of(member.get<std::string>(), Kind::Number);
        } else if (name == "IsTruncated" && member.is_string()) {
            result[name] = member.get<std::string>() == "true";
        } else if (std::ranges::find(lists, name) != lists.end()) {
            Json list = Json::array();
            for (auto& item : member.is_array() ? member : Json::array({member})) list.push_back(typed(item));
            result[name] = std::move(list);
        } else if (!member.is_string() || !member.get_ref<const std::string&>().empty() || name == "Prefix") {
            result[name] = std::move(member);
        }
    }
    return result;
}

Json buckets_of(const Json& answer) {
    Json list = Json::array();
    if (const auto buckets = answer.find("Buckets"); buckets != answer.end() && buckets->is_object()) {
        if (const auto bucket = buckets->find("Bucket"); bucket != buckets->end()) {
            list = bucket->is_array() ? *bucket : Json::array({*bucket});
        }
    }
    Json result = Json::object();
    result["Buckets"] = std::move(list);
    if (const auto owner = answer.find("Owner"); owner != answer.end()) result["Owner"] = *owner;
    return result;
}

std::string required_text(const Json& parameters, const char* member) {
    const auto found = parameters.find(member);
    return found != parameters.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

bool knows_s3_action(std::string_view action) { return find_operation(action) != nullptr; }

Encoded encode_s3(const Call& call, const Json& parameters, const Endpoint& endpoint) {
    const auto* operation = find_operation(call.action);
    if (!operation) return "The action " + call.action + " is not supported";
    Signable request{std::string{operation->method}, "", {}, {}, {}};
    const auto bucket = required_text(parameters, "Bucket");
    const auto key = required_text(parameters, "Key");
    if (operation->bucket && bucket.empty()) return std::string{"The field 'Bucket' is required but was missing"};
    if (operation->key && key.empty()) return std::string{"The field 'Key' is required but was missing"};
    if (operation->bucket && bucket.find('/') != std::string::npos) return wrong_type("Bucket", "a bucket's name");
    if (operation->bucket && endpoint.path_style) {
        request.path = "/" + percent_encode(bucket);
    } else if (operation->bucket) {
        request.headers.emplace_back("Host", percent_encode(bucket) + "." + endpoint.url.authority());
    }
    if (operation->key) {
        request.path += "/" + percent_encode(key, true);
    } else if (request.path.empty()) {
        request.path = "/";
    }
    if (const auto equals = operation->query.find('='); equals != std::string_view::npos) {
        request.query.emplace_back(operation->query.substr(0, equals), operation->query.substr(equals + 1));
    }
    for (const auto& [name, value] : parameters.items()) {
        if (name == "Bucket" || name == "Key" || name == "Body" || value.is_null()) continue;
        if (const auto* header = find_member(header_members, name)) {
            request.headers.emplace_back(header->name, as_text(value));
        } else if (const auto* query = find_member(query_members, name)) {
            request.query.emplace_back(query->name, as_text(value));
        } else if (name == "CopySource") {
            request.headers.emplace_back("x-amz-copy-source", percent_encode(as_text(value), true));
        } else if (name == "Metadata" && value.is_object()) {
            for (const auto& [meta, text] : value.items())
                request.headers.emplace_back("x-amz-meta-" + meta, as_text(text));
        } else {
            return sdk::unsupported_field(name);
        }
    }
    if (const auto body = parameters.find("Body"); body != parameters.end() && !body->is_null()) {
        request.body = as_text(*body);
    }
    if (call.action == "PutObject") {
        request.headers.emplace_back("x-amz-sdk-checksum-algorithm", "CRC32");
        request.headers.emplace_back("x-amz-checksum-crc32", crc32_of(request.body));
    }
    if (call.action == "CreateBucket" && endpoint.real && endpoint.region != "us-east-1") {
        request.body =
            "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>" +
            endpoint.region + "</LocationConstraint></CreateBucketConfiguration>";
    }
    return request;
}

Decoded decode_s3(const Call& call, const HttpAnswer& answer) {
    pugi::xml_document document;
    const bool object = call.action == "GetObject" || call.action == "HeadObject";
    const bool failed = answer.status < 200 || answer.status > 299;
    const bool xml = (failed || !object) && document.load_buffer(answer.body.data(), answer.body.size());
    const auto root = xml ? document.document_element() : pugi::xml_node{};
    if (failed || std::string_view{root.name()} == "Error") {  // CopyObject may fail with status 200
        ServiceError error;
        error.shape = text_of(root, "Code");
        error.message = text_of(root, "Message");
        error.request_id = text_of(root, "RequestId");
        error.extended_request_id = header_of(answer.headers, "x-amz-id-2");
        if (error.extended_request_id.empty()) error.extended_request_id = text_of(root, "HostId");
        if (error.shape.empty() && answer.status == 404) {  // HEAD has no body to say so
            error.shape = call.action == "HeadBucket" ? "NoSuchBucket" : "NoSuchKey";
        }
        return error;
    }
    auto result = members_of_headers(answer, object);
    if (call.action == "GetObject") {
        result["Body"] = answer.body;
    } else if (call.action == "CopyObject") {
        result["CopyObjectResult"] = to_json(root);
    } else if (call.action == "ListBuckets") {
        return buckets_of(to_json(root));
    } else if (call.action.starts_with("ListObjects")) {
        const auto list = to_json(root);
        return list.is_object() ? typed(list) : Json::object();
    }
    return result;
}

}  // namespace pawl::aws
