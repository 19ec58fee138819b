// One connection as httplib's request reader wants it, with what httplib's own lacks: it waits without polling, an
// event ends every wait, and an answer leaves in one piece.
#pragma once
#include <httplib.h>

#include <array>
#include <cstddef>
#include <string>

namespace pawl::web {

class SocketStream final : public httplib::Stream {
  public:
    // Closes `socket` when it goes. Once `stopped` is readable, waiting ends; what has come by then can be read.
    SocketStream(int socket, int stopped) : socket_{socket}, stopped_{stopped} {}
    ~SocketStream() override;
    SocketStream(const SocketStream&) = delete;
    SocketStream& operator=(const SocketStream&) = delete;

    // Waits, as long as it takes, for the first byte of a request. False: the other side has gone, or all is over.
    bool wait_for_request();
    bool flush();
    bool peer_has_gone() const;
    // There is no further request after this one.
    void hang_up() { hung_up_ = true; }
    bool hung_up() const { return hung_up_; }

    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, std::size_t size) override;
    ssize_t write(const char* from, std::size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    socket_t socket() const override { return socket_; }

  private:
    bool wait_readable(int timeout_ms);
    bool fill(int timeout_ms);

    const int socket_;
    const int stopped_;
    std::array<char, 16 * 1024> received_{};  // httplib reads headers byte by byte
    std::size_t next_ = 0, end_ = 0;
    std::string unsent_;
    bool hung_up_ = false;
};

}  // namespace pawl::web
