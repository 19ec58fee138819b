// Looking at Map Runs, and changing them while they run.
#include "orchestrator/orchestrator_impl.hpp"
#include "persistence/store.hpp"

namespace pawl {

ApiError map_run_does_not_exist(std::string_view arn) {
    return {"ResourceNotFound", "Resource not found: '" + std::string{arn} + "'", {{"resourceName", std::string{arn}}}};
}

void Orchestrator::Impl::catch_up_with_map_runs() {
    journal.flush();  // what is shown has been passed on
    map_runs.catch_up();
    journal.flush();
}

std::optional<MapRunRow> Orchestrator::Impl::find_map_run(std::string_view arn) {
    if (auto row = store.find_map_run(arn)) return row;
    catch_up_with_map_runs();
    return store.find_map_run(arn);
}

ApiResult<MapRunView> Orchestrator::describe_map_run(std::string_view arn) {
    auto row = impl_->find_map_run(arn);
    if (!row) return map_run_does_not_exist(arn);
    const auto parent = impl_->store.execution(row->execution);
    if (!parent) throw StoreError{"the store has lost the execution that " + row->arn + " belongs to"};
    const auto counts = impl_->store.map_run_counts(row->number);
    const auto full = impl_->store.failed_children(row->number, events_of_a_full_history(impl_->settings.limits));
    return MapRunView{*std::move(row), parent->arn, counts, full};
}

ApiResult<std::vector<MapRunRow>> Orchestrator::list_map_runs(std::string_view execution_arn) {
    const auto row = impl_->store.find_execution(execution_arn);
    if (!row) return execution_does_not_exist(execution_arn);
    auto runs = impl_->store.map_runs(row->number);
    if (!runs.empty() && row->status != ExecutionStatus::Running) return runs;
    impl_->catch_up_with_map_runs();
    return impl_->store.map_runs(row->number);
}

ApiResult<Done> Orchestrator::update_map_run(std::string_view arn, const MapRunLimits& limits) {
    const auto row = impl_->find_map_run(arn);
    if (!row) return map_run_does_not_exist(arn);
    if (row->status != MapRunStatus::Running) {
        return ApiError{"ValidationException",
                        "Map Run is not in an updatable state: '" + std::string{arn} + "'",
                        {{"reason", "CANNOT_UPDATE_COMPLETED_MAP_RUN"}}};
    }
    return impl_->map_runs.change(row->number, limits);
}

}  // namespace pawl
