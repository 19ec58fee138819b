// JSONata as a workflow uses it: an expression that was compiled once, a JSON text in, a JSON text out.
// bench/jsonata_node.mjs measures the reference the same way; scripts/bench-jsonata compares the two.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "states/jsonata/document.hpp"
#include "states/jsonata/jsonata.hpp"

namespace pawl::jsonata {
namespace {

std::string read_text(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

[[noreturn]] void give_up(const std::string& message) {
    std::cerr << message << "\n";
    std::exit(1);
}

Expression compiled(const std::string& text) {
    auto expression = Expression::compile(text);
    if (!expression) give_up(expression.error().message);
    return *std::move(expression);
}

void text_to_text(benchmark::State& state, const std::string& text, const std::string& input) {
    const Expression expression = compiled(text);
    Document document;
    std::string memory;
    for (auto _ : state) {
        if (document.read(input)) give_up("no JSON");
        const auto result = expression.evaluate_text(&document, memory);
        if (!result || !*result) give_up("no result: " + text);
        benchmark::DoNotOptimize(**result);
    }
}

void value_to_value(benchmark::State& state, const std::string& text, const std::string& input) {
    const Expression expression = compiled(text);
    const auto parsed = parse_json(input);
    for (auto _ : state) benchmark::DoNotOptimize(expression.evaluate(&*parsed));
}

void compile(benchmark::State& state, const std::string& text) {
    for (auto _ : state) benchmark::DoNotOptimize(Expression::compile(text));
}

}  // namespace
}  // namespace pawl::jsonata

int main(int argc, char** argv) {
    using namespace pawl;
    const auto workloads = parse_json(jsonata::read_text(PAWL_SOURCE_DIR "/bench/jsonata_workloads.json"));
    if (!workloads) jsonata::give_up("jsonata_workloads.json: " + workloads.error().message);
    const std::string input = to_text((*workloads)["input"]);
    for (const auto& [name, expression] : (*workloads)["expressions"].get_ref<const Json::object_t&>()) {
        const auto text = expression.get<std::string>();
        benchmark::RegisterBenchmark(("text/" + name).c_str(),
                                     [=](benchmark::State& state) { jsonata::text_to_text(state, text, input); });
        benchmark::RegisterBenchmark(("value/" + name).c_str(),
                                     [=](benchmark::State& state) { jsonata::value_to_value(state, text, input); });
        benchmark::RegisterBenchmark(("compile/" + name).c_str(),
                                     [=](benchmark::State& state) { jsonata::compile(state, text); });
    }
    benchmark::RegisterBenchmark("parse", [=](benchmark::State& state) {
        for (auto _ : state) benchmark::DoNotOptimize(parse_json(input));
    });
    benchmark::RegisterBenchmark("read", [=](benchmark::State& state) {
        jsonata::Document document;
        for (auto _ : state) benchmark::DoNotOptimize(document.read(input));
    });
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
