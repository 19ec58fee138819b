// Activities and their workers.
#include "orchestrator/orchestrator_impl.hpp"

namespace pawl {

ApiResult<ActivityRow> Orchestrator::create_activity(const CreateActivity& request) {
    return impl_->activities.create(request);
}
ApiResult<ActivityRow> Orchestrator::describe_activity(std::string_view arn) { return impl_->activities.describe(arn); }
ApiResult<Done> Orchestrator::delete_activity(std::string_view arn) { return impl_->activities.remove(arn); }
std::vector<ActivityRow> Orchestrator::list_activities(std::string_view after_name, std::size_t limit) {
    return impl_->activities.list(after_name, limit);
}
ApiResult<ActivityPoll> Orchestrator::poll_activity(std::string_view arn, std::string worker, GiveActivityTask give) {
    return impl_->activities.poll(arn, std::move(worker), std::move(give));
}
bool Orchestrator::stop_polling(ActivityPoll poll) { return impl_->activities.stop_polling(poll); }

}  // namespace pawl
