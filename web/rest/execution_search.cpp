#include "web/rest/execution_search.hpp"

#include <algorithm>
#include <limits>

#include "states/letter_case.hpp"

namespace pawl::web::rest {
namespace {

constexpr std::size_t rows_a_read = 500;
constexpr std::size_t rows_a_call = 20'000;   // looked at; one costs microseconds
constexpr std::size_t errors_a_call = 2'000;  // looked up: each is a read of a history's end

bool contains(const std::optional<std::string>& text, std::string_view wanted) {
    if (!text) return false;
    const auto found = std::search(text->begin(), text->end(), wanted.begin(), wanted.end(),
                                   [](char a, char b) { return lower_case(a) == lower_case(b); });
    return found != text->end();
}

bool can_have_error(ExecutionStatus status) {
    return status == ExecutionStatus::Failed || status == ExecutionStatus::TimedOut ||
           status == ExecutionStatus::Aborted;
}

// Newest first: what started too late is skipped by beginning behind it.
void begin_before(ListExecutions& query, Instant started_before) {
    const std::pair<Instant, std::int64_t> edge{started_before, std::numeric_limits<std::int64_t>::min()};
    if (!query.after || query.after->first >= started_before) query.after = edge;
}

class Search {
  public:
    Search(Orchestrator& orchestrator, const ExecutionSearch& search) : orchestrator_{orchestrator}, search_{search} {}

    ApiResult<ExecutionsFound> run() {
        auto query = search_.query;
        if (search_.started_before) begin_before(query, *search_.started_before);
        // One more than is wanted tells whether there is more.
        query.limit = search_.error_text.empty() ? search_.query.limit + 1 : rows_a_read;
        for (;;) {
            const auto rows = orchestrator_.list_executions(query);
            if (!rows) return rows.error();
            for (const auto& item : *rows) {
                if (!take(item)) return std::move(found_);
            }
            if (rows->size() < query.limit) return std::move(found_);
            query.after = {rows->back().row.started, rows->back().row.number};
        }
    }

  private:
    // False: the search is over.
    bool take(const ExecutionListItem& item) {
        if (search_.started_after && item.row.started < *search_.started_after) return false;
        if (found_.items.size() == search_.query.limit || ++rows_ > rows_a_call || errors_ >= errors_a_call) {
            found_.more = last_;
            return false;
        }
        last_ = {item.row.started, item.row.number};
        if (search_.error_text.empty()) {
            found_.items.push_back({item, {}});
        } else if (can_have_error(item.row.status)) {
            ++errors_;
            const auto view = orchestrator_.describe_execution(item.row.arn);
            if (view &&
                (contains(view->error.name, search_.error_text) || contains(view->error.cause, search_.error_text))) {
                found_.items.push_back({item, view->error});
            }
        }
        return true;
    }

    Orchestrator& orchestrator_;
    const ExecutionSearch& search_;
    ExecutionsFound found_;
    std::optional<std::pair<Instant, std::int64_t>> last_;
    std::size_t rows_ = 0, errors_ = 0;
};

}  // namespace

ApiResult<ExecutionsFound> search_executions(Orchestrator& orchestrator, const ExecutionSearch& search) {
    return Search{orchestrator, search}.run();
}

}  // namespace pawl::web::rest
