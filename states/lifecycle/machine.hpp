// The little glue between Boost.MSM and a phase that is stored elsewhere. A machine lives for one event: it starts in
// Stored, steps into the phase that the record holds, takes the event, and is gone; nothing of MSM outlives it.
// Only the .cpp files of this folder include this: MSM costs about ten seconds and half a gigabyte a table.
#pragma once
#include <boost/core/demangle.hpp>
#include <boost/fusion/include/mpl.hpp>
#include <boost/fusion/include/vector.hpp>
#include <boost/mpl/for_each.hpp>
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>
#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace pawl::lifecycle {

using boost::fusion::vector;  // variadic: mpl::vector ends at 20 rows
using boost::msm::front::none;
using boost::msm::front::Row;

// A state that is nothing but a phase: entering it notes the phase.
template <auto P>
struct In : boost::msm::front::state<> {
    static constexpr auto phase = P;
    template <class Event, class Machine>
    void on_entry(const Event&, Machine& machine) {
        machine.phase = P;
    }
};

struct Stored : boost::msm::front::state<> {};

template <auto P>
struct PhaseIs {
    template <class Event, class Machine, class Source, class Target>
    bool operator()(const Event&, Machine& machine, Source&, Target&) const {
        return machine.phase == P;
    }
};
template <auto P>
using Resume = Row<Stored, none, In<P>, none, PhaseIs<P>>;

// Base of every table.
template <class Table, class Phase>
struct Lifecycle : boost::msm::front::state_machine_def<Table> {
    explicit Lifecycle(Phase& p) : phase(p) {}
    Phase& phase;
    bool known = true;

    using initial_state = Stored;
    using no_exception_thrown = int;
    using no_message_queue = int;

    template <class Event, class Machine>
    void no_transition(const Event&, Machine&, int) {  // late or repeated: an ordinary event here
        known = false;
    }
};

// The phase after `event`, or nothing when the table has no row for it.
template <class Table, class Phase, class Event>
std::optional<Phase> step(Phase phase, const Event& event) {
    boost::msm::back::state_machine<Table> machine{std::ref(phase)};
    machine.start();
    machine.known = true;
    std::visit([&](const auto& e) { machine.process_event(e); }, event);
    if (!machine.known) return std::nullopt;
    return phase;
}

// The table as a Mermaid state diagram. Needs to_string(Phase).
template <class Table>
std::string diagram() {
    std::string out = "stateDiagram-v2\n";
    const auto state = []<class S>(S*) {
        if constexpr (requires { S::phase; }) {
            return std::string{to_string(S::phase)};
        } else {
            return std::string{"[*]"};
        }
    };
    const auto print = [&]<class R>(boost::mpl::identity<R>) {
        using Target = typename R::Target;
        using Source = typename R::Source;
        if constexpr (!std::is_same_v<Source, Stored>) {
            const std::string event = boost::core::demangle(typeid(typename R::Evt).name());
            const auto target = std::is_same_v<Target, none> ? state(static_cast<Source*>(nullptr))
                                                             : state(static_cast<Target*>(nullptr));
            out += "    " + state(static_cast<Source*>(nullptr)) + " --> " + target + " : " +
                   event.substr(event.rfind(':') + 1) + "\n";
        }
    };
    boost::mpl::for_each<typename Table::transition_table, boost::mpl::make_identity<>>(print);
    return out;
}

}  // namespace pawl::lifecycle
