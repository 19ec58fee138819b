#include "web/metrics.hpp"

#include <array>
#include <string>
#include <string_view>

#include "orchestrator/functions/function_pool.hpp"
#include "orchestrator/orchestrator.hpp"

namespace pawl::web {
namespace {

// Names of functions, versions and statuses hold nothing that a label would have to escape.
class Page {
  public:
    void begin(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        text_ += "# HELP " + name_ + " " + std::string{help} + "\n# TYPE " + name_ + " " + std::string{type} + "\n";
    }
    void sample(const std::string& value, const std::string& labels = {}) {
        text_ += name_ + (labels.empty() ? "" : "{" + labels + "}") + " " + value + "\n";
    }
    void only(std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
        begin(name, type, help);
        sample(std::to_string(value));
    }
    std::string take() { return std::move(text_); }

  private:
    std::string name_;
    std::string text_;
};

void add_engine(Page& page, const Orchestrator::Stats& stats) {
    page.only("pawl_executions_started_total", "counter", "Executions that began.", stats.executions.started);
    page.begin("pawl_executions_ended_total", "counter", "Executions that ended, by status.");
    for (std::size_t i = 0; i < stats.executions.ended.size(); ++i) {
        const auto status = static_cast<ExecutionStatus>(i);
        if (status == ExecutionStatus::Running || status == ExecutionStatus::PendingRedrive) continue;
        page.sample(std::to_string(stats.executions.ended[i]), "status=\"" + std::string{to_string(status)} + "\"");
    }
    page.only("pawl_executions_in_memory", "gauge", "Executions that are not asleep in the store.",
              stats.executions_in_memory);
    page.only("pawl_messages_waiting", "gauge", "What waits for the threads that execute workflows.",
              stats.messages_waiting);
    page.only("pawl_store_commits_total", "counter", "Transactions of the store.", stats.journal.commits);
    page.only("pawl_store_submissions_total", "counter", "Decisions that the store was given.",
              stats.journal.submissions);
    page.only("pawl_store_failures_total", "counter", "Transactions that failed.", stats.journal.failures);
}

std::string seconds(std::chrono::microseconds time) {
    return to_text(Json(static_cast<double>(time.count()) / 1'000'000));
}

void add_functions(Page& page, const FunctionPool& pool) {
    struct Metric {
        std::string_view name, type, help;
        std::string (*value)(const FunctionCounters&);
    };
    using Counters = FunctionCounters;
    static constexpr std::array metrics{
        Metric{"pawl_function_invocations_total", "counter", "Invocations that ended, well or not.",
               [](const Counters& c) { return std::to_string(c.invocations); }},
        Metric{"pawl_function_errors_total", "counter", "Invocations that ended with an error.",
               [](const Counters& c) { return std::to_string(c.errors); }},
        Metric{"pawl_function_throttles_total", "counter", "Invocations that were refused for concurrency.",
               [](const Counters& c) { return std::to_string(c.throttles); }},
        Metric{"pawl_function_cold_starts_total", "counter", "Invocations that waited for their process to come up.",
               [](const Counters& c) { return std::to_string(c.cold_starts); }},
        Metric{"pawl_function_duration_seconds_total", "counter", "Time that handlers took.",
               [](const Counters& c) { return seconds(c.duration); }},
        Metric{"pawl_function_billed_seconds_total", "counter", "The same, in whole milliseconds each.",
               [](const Counters& c) { return seconds(c.billed); }},
        Metric{"pawl_function_running", "gauge", "Invocations in work.",
               [](const Counters& c) { return std::to_string(c.running); }},
        Metric{"pawl_function_queued", "gauge", "Invocations that wait for a process.",
               [](const Counters& c) { return std::to_string(c.queued); }},
        Metric{"pawl_function_processes", "gauge", "Processes.",
               [](const Counters& c) { return std::to_string(c.processes); }},
    };
    const auto counters = pool.counters();
    for (const auto& metric : metrics) {
        page.begin(metric.name, metric.type, metric.help);
        for (const auto& [function, one] : counters) page.sample(metric.value(one), "function=\"" + function + "\"");
    }
}

}  // namespace

Route metrics_route(const Orchestrator& orchestrator, const Functions* functions) {
    return {"GET", "/metrics", [&orchestrator, functions](const Request&) {
                Page page;
                add_engine(page, orchestrator.stats());
                if (functions) add_functions(page, functions->pool);
                Response response;
                response.content_type = "text/plain; version=0.0.4; charset=utf-8";
                response.headers.emplace_back("Cache-Control", "no-store");
                response.body = page.take();
                return response;
            }};
}

}  // namespace pawl::web
