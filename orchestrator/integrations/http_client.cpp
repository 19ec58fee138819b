#include "orchestrator/integrations/http_client.hpp"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "orchestrator/integrations/private_address.hpp"
#include "orchestrator/integrations/url.hpp"
#include "states/letter_case.hpp"
#include "states/utf8.hpp"

namespace pawl {
namespace {

constexpr long connect_patience_ms = 5000;
constexpr std::size_t at_once_per_host = 64;            // what a local service takes well; more waits here
constexpr long kept_connections = 256;                  // of all hosts together
constexpr std::size_t header_limit_bytes = 256 * 1024;  // of an answer
constexpr int longest_nap_ms = 60'000;

struct FreeList {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
struct FreeEasy {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};

// A request on its way. It stays where it is: curl holds pointers to it.
struct Transfer {
    HttpClient::Ticket ticket = 0;
    HttpClient::Reach reach = HttpClient::Reach::Private;
    std::string host;  // "example.com:443": what is bounded; empty: the URL is none
    HttpRequest request;
    HttpClient::Done done;
    std::unique_ptr<curl_slist, FreeList> headers;
    HttpAnswer answer;
    std::size_t header_bytes = 0;
    bool forbidden = false;
    bool too_large = false;
    std::unique_ptr<CURL, FreeEasy> easy;  // last: it goes first
};

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t\r\n");
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

// "HTTP/1.1 200 OK" or "Name: value". A new status line begins a new answer: 100 Continue comes before the real one.
std::size_t take_header(const char* data, std::size_t size, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    const std::string_view line{data, size * count};
    transfer.header_bytes += line.size();
    if (transfer.header_bytes > header_limit_bytes) {
        transfer.too_large = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) {
        transfer.answer.headers.clear();
        const auto code = line.find(' ');
        const auto text = code == std::string_view::npos ? code : line.find(' ', code + 1);
        transfer.answer.status_text = text == std::string_view::npos ? "" : valid_utf8(trimmed(line.substr(text)));
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
        transfer.answer.headers.emplace_back(valid_utf8(trimmed(line.substr(0, colon))),
                                             valid_utf8(trimmed(line.substr(colon + 1))));
    }
    return line.size();
}

std::size_t take_body(const char* data, std::size_t size, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    const auto bytes = size * count;
    if (transfer.answer.body.size() + bytes > transfer.request.answer_limit_bytes) {
        transfer.too_large = true;
        return 0;
    }
    transfer.answer.body.append(data, bytes);
    return bytes;
}

bool may_reach(AddressKind kind, HttpClient::Reach reach) {
    if (kind == AddressKind::Link) return false;
    return kind == AddressKind::Public || reach == HttpClient::Reach::Private;
}

// Asked before a connection is made, with the address that the name has led to.
curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(user);
    if (!may_reach(kind_of(address->addr), transfer.reach)) {
        transfer.forbidden = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void set_up(Transfer& transfer) {
    CURL* easy = transfer.easy.get();
    const auto& request = transfer.request;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");       // an address that is checked must be the one that is called
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // what was signed is what is sent
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a name that is still looked up is not waited for
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_patience_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(request.timeout.count(), 1)));
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
    if (request.method == "HEAD") {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else {
        const bool sends = !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
                           request.method == "PATCH";  // these say "Content-Length: 0"
        if (sends) {
            curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
            curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
        }
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    // What curl would add by itself is taken away: a header without a value is not sent.
    curl_slist* list = nullptr;
    for (const auto* name : {"Expect:", "Accept:", "Content-Type:"}) {
        const auto bare = std::string_view{name}.substr(0, std::strlen(name) - 1);
        const bool given =
            std::ranges::any_of(request.headers, [&](const auto& h) { return same_letters(h.first, bare); });
        if (!given) list = curl_slist_append(list, name);
    }
    for (const auto& [name, value] : request.headers) {
        // "Name;" sends an empty value
        list = curl_slist_append(list, (value.empty() ? name + ";" : name + ": " + value).c_str());
    }
    transfer.headers.reset(list);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
}

HttpFailure failure_of(const Transfer& transfer, CURLcode code) {
    using Kind = HttpFailure::Kind;
    const auto& host = transfer.host;
    if (transfer.forbidden) return {Kind::Forbidden, host + " leads to an address that is not allowed"};
    if (transfer.too_large) return {Kind::TooLarge, host + ": the answer is too large"};
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return {Kind::Name, host.substr(0, host.rfind(':')) + ": Name or service not known"};
        case CURLE_OPERATION_TIMEDOUT:
            return {Kind::TimedOut, host + ": Timed out"};
        case CURLE_COULDNT_CONNECT: {
            long number = 0;
            curl_easy_getinfo(transfer.easy.get(), CURLINFO_OS_ERRNO, &number);
            const auto why = number == 0 ? std::string{"could not connect"}
                                         : std::generic_category().message(static_cast<int>(number));
            return {Kind::Connection, "Connect to " + host + " failed: " + why};
        }
        default:
            return {Kind::Other, host + ": " + curl_easy_strerror(code)};
    }
}

}  // namespace

std::string header_of(const HttpHeaders& headers, std::string_view name) {
    const auto found =
        std::ranges::find_if(headers, [&](const auto& header) { return same_letters(header.first, name); });
    return found == headers.end() ? std::string{} : found->second;
}

struct HttpClient::Impl {
    explicit Impl(Reach r);
    ~Impl();

    void loop(const std::stop_token& stop);
    void take_new();
    void begin(std::unique_ptr<Transfer> transfer);
    void end(CURL* easy, CURLcode code);
    void begin_next(const std::string& host);

    const Reach reach;
    CURLM* multi = nullptr;
    std::mutex mutex;  // anyone sends and cancels; the thread takes
    std::vector<std::unique_ptr<Transfer>> arrived;
    std::vector<Ticket> cancelled;
    Ticket last_ticket = 0;
    // The thread's own:
    struct Host {
        std::size_t under_way = 0;
        std::deque<std::unique_ptr<Transfer>> waiting;
    };
    std::map<std::string, Host> hosts;
    std::map<Ticket, std::unique_ptr<Transfer>> under_way;
    std::jthread thread;
};

HttpClient::Impl::Impl(Reach r) : reach{r} {
    static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = global == CURLE_OK ? curl_multi_init() : nullptr;
    if (!multi) throw std::runtime_error{"libcurl can not be used"};
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, kept_connections);
    thread = std::jthread{[this](const auto& stop) { loop(stop); }};
}

HttpClient::Impl::~Impl() {
    thread.request_stop();
    curl_multi_wakeup(multi);
    thread.join();
    for (const auto& [ticket, transfer] : under_way) curl_multi_remove_handle(multi, transfer->easy.get());
    under_way.clear();
    curl_multi_cleanup(multi);
}

void HttpClient::Impl::loop(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        take_new();
        int running = 0;
        curl_multi_perform(multi, &running);
        int left = 0;
        while (const auto* message = curl_multi_info_read(multi, &left)) {
            if (message->msg == CURLMSG_DONE) end(message->easy_handle, message->data.result);
        }
        curl_multi_poll(multi, nullptr, 0, longest_nap_ms, nullptr);
    }
}

void HttpClient::Impl::take_new() {
    std::vector<std::unique_ptr<Transfer>> fresh;
    std::vector<Ticket> unwanted;
    {
        const std::lock_guard lock{mutex};
        fresh.swap(arrived);
        unwanted.swap(cancelled);
    }
    for (auto& transfer : fresh) {
        if (transfer->host.empty()) {
            transfer->done(HttpFailure{HttpFailure::Kind::Other, "the URL is no http or https URL"});
            continue;
        }
        auto& host = hosts[transfer->host];
        if (host.under_way < at_once_per_host) {
            begin(std::move(transfer));
        } else {
            host.waiting.push_back(std::move(transfer));
        }
    }
    for (const auto ticket : unwanted) {
        if (const auto found = under_way.find(ticket); found != under_way.end()) {
            const auto host = found->second->host;
            curl_multi_remove_handle(multi, found->second->easy.get());
            under_way.erase(found);
            begin_next(host);
            continue;
        }
        for (auto& [name, host] : hosts) {
            std::erase_if(host.waiting, [&](const auto& waiting) { return waiting->ticket == ticket; });
        }
    }
}

void HttpClient::Impl::begin(std::unique_ptr<Transfer> transfer) {
    transfer->easy.reset(curl_easy_init());
    if (!transfer->easy) return transfer->done(HttpFailure{HttpFailure::Kind::Other, "out of memory"});
    set_up(*transfer);
    ++hosts[transfer->host].under_way;
    curl_multi_add_handle(multi, transfer->easy.get());
    const auto ticket = transfer->ticket;
    under_way.emplace(ticket, std::move(transfer));
}

void HttpClient::Impl::begin_next(const std::string& name) {
    auto& host = hosts[name];
    --host.under_way;
    if (!host.waiting.empty()) {
        auto next = std::move(host.waiting.front());
        host.waiting.pop_front();
        begin(std::move(next));
    } else if (host.under_way == 0) {
        hosts.erase(name);
    }
}

void HttpClient::Impl::end(CURL* easy, CURLcode code) {
    char* user = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
    const auto node = under_way.extract(reinterpret_cast<Transfer*>(user)->ticket);
    auto& transfer = *node.mapped();
    curl_multi_remove_handle(multi, easy);
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    transfer.answer.status = static_cast<int>(status);
    if (code == CURLE_OK) {
        transfer.done(std::move(transfer.answer));
    } else {
        transfer.done(failure_of(transfer, code));
    }
    begin_next(transfer.host);
}

HttpClient::HttpClient(Reach reach) : impl_{std::make_unique<Impl>(reach)} {}
HttpClient::~HttpClient() = default;

HttpClient::Ticket HttpClient::send(HttpRequest request, Done done) {
    auto transfer = std::make_unique<Transfer>();
    transfer->reach = impl_->reach;
    if (const auto url = parse_url(request.url)) transfer->host = url->host + ":" + std::to_string(url->port);
    transfer->request = std::move(request);
    transfer->done = std::move(done);
    Ticket ticket = 0;
    {
        const std::lock_guard lock{impl_->mutex};
        ticket = ++impl_->last_ticket;
        transfer->ticket = ticket;
        impl_->arrived.push_back(std::move(transfer));
    }
    curl_multi_wakeup(impl_->multi);
    return ticket;
}

void HttpClient::cancel(Ticket ticket) {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->cancelled.push_back(ticket);
    }
    curl_multi_wakeup(impl_->multi);
}

Json plain_http_answer(const HttpAnswer& answer) {
    Json headers = Json::object();
    for (const auto& [name, value] : answer.headers) {
        auto& values = headers[name];
        if (values.is_null()) values = Json::array();
        values.push_back(value);
    }
    Json result = Json::object();
    result["Headers"] = std::move(headers);
    auto text = valid_utf8(answer.body);
    auto body = parse_json(text);
    result["ResponseBody"] = body ? *std::move(body) : Json(std::move(text));
    result["StatusCode"] = answer.status;
    result["StatusText"] = answer.status_text;
    return result;
}

}  // namespace pawl
