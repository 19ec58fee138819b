// A function in a network namespace of its own reaches its Runtime API all the same, on 127.0.0.1: a socket belongs to
// the namespace that it was made in, whoever accepts from it. So the sandbox begins with a program of ours, which makes
// the listening socket there, hands it to the server through a Unix socket, the door, and becomes the function.
// Spec: unix(7), SCM_RIGHTS; network_namespaces(7).
#pragma once
#include <string_view>

#include "orchestrator/functions/file_descriptor.hpp"

namespace pawl {

// Where the function finds its Runtime API, as on Lambda. Every namespace has its own ports.
inline constexpr std::string_view runtime_api_in_sandbox = "127.0.0.1:9001";
inline constexpr int door_in_sandbox = 3;  // the descriptor

struct NetworkDoor {
    FileDescriptor ours, theirs;
};
NetworkDoor make_network_door();  // throws std::system_error

// The server's side: waits for the listening socket. Nothing: the process ended before, or `stopped` became readable.
FileDescriptor listener_through(int door, int stopped);

// The sandbox's side, for a main function. Returns an exit status only when it could not become the command.
int enter_with_door(char* const command[]);

}  // namespace pawl
