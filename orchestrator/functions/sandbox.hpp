// bubblewrap (bwrap) around each process of a function: all files are read-only but its temporary folder, which is its
// /tmp; it sees no other process; its network has nothing but its Runtime API, unless the function may have it.
// It keeps mistakes from doing harm. It is not made for hostile code, which can read what the server's user can.
#pragma once
#include <string>

namespace pawl {

struct Sandbox {
    bool on = false;
    // A program that makes `enter_with_door(argv + 2)` of "PROGRAM function-in-sandbox COMMAND…": network_door.hpp.
    // Empty: functions keep the machine's network.
    std::string network_door;
};

}  // namespace pawl
