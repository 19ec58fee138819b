// A small HTTP/1.1 client on one kept connection: it costs little, so that what is measured is the server.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace pawl::bench {

struct HttpError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class HttpClient {
  public:
    HttpClient(std::string host, int port) : host_{std::move(host)}, port_{port} {}
    ~HttpClient() { close(); }
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    struct Reply {
        int status = 0;
        std::string head;  // status line and headers
        std::string body;

        // A header's value; names match in any letter case. Empty when absent.
        std::string_view header(std::string_view name) const;
    };
    // `headers` are whole lines, each ended by \r\n. Throws HttpError when the connection breaks.
    Reply request(std::string_view method, std::string_view path, std::string_view headers = {},
                  std::string_view body = {});

  private:
    void connect();
    void close();
    void send_all(std::string_view bytes);
    void receive_some();

    std::string host_;
    int port_;
    int socket_ = -1;
    std::string buffer_;  // received and not yet used
};

}  // namespace pawl::bench
