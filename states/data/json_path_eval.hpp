// Walks a document along a parsed JSONPath. Private to states/data.
#pragma once
#include <cstddef>
#include <deque>

#include "states/data/json_path_query.hpp"
#include "states/data/work.hpp"

namespace pawl::data::path {

// Thrown inside the evaluator, caught in JsonPath::select.
struct Failure {
    PathError error;
};
struct OutOfWork {};

class Evaluator {
  public:
    // `document` is what `$` means inside filters and arguments.
    Evaluator(const Json& document, Work& work) : document_{document}, work_{work} {}

    // A node below `root`, or a value that lives as long as this evaluator. An indefinite query gives an array.
    const Json& select(const Query& query, const Json& root);

    // Does an indefinite query select anything?
    bool finds(const Query& query, const Json& root);

    const Json& document() const { return document_; }
    const Json& keep(Json made);
    Json copy(const Json& node);        // throws OutOfWork
    void visit(std::size_t nodes = 1);  // throws OutOfWork

  private:
    const Json& document_;
    Work& work_;
    std::deque<Json> made_;
};

// Names and single indexes: the node, or null. Neither copies nor allocates.
const Json* walk_plain(const Query& query, const Json& root);

Json call_function(const Call& call, const Json& node, Evaluator& evaluator);

}  // namespace pawl::data::path
