#include "handlers/pictures/avatar_access.hpp"

#include "core/base/metrics/report.hpp"

namespace wxlogind::handlers {

namespace {

struct refusal {
    std::string_view reason;
    errc code;
};
// The last is whatever is none of the others.
constexpr std::array<refusal, 5> refusals{
    {{"too_large", errc::content_too_large},
     {"not_a_picture", errc::unsupported_media_type},
     {"invalid", errc::invalid_request}, // too wide, cut off, not the form of wx.uploadFile
     {"no_room", errc::storage_unavailable},
     {"other", errc::internal}}};

} // namespace

std::shared_ptr<const void> byte_budget::take(std::size_t bytes) {
    if (taken_.fetch_add(bytes, std::memory_order_relaxed) + bytes > limit_) {
        taken_.fetch_sub(bytes, std::memory_order_relaxed);
        return nullptr;
    }
    return {this, [this, bytes](const void*) { taken_.fetch_sub(bytes, std::memory_order_relaxed); }};
}

avatar_access::avatar_access(storage::avatar_store& where, const avatar_settings& settings)
    : store{where}, rules{settings}, memory{settings.memory_bytes} {}

void avatar_access::note_refused(errc why) noexcept {
    std::size_t index = 0;
    while (index + 1 < refusals.size() && refusals[index].code != why) ++index;
    refused_[index].add();
}

void avatar_access::describe(metrics::report& to) const {
    const storage::avatar_counts& counts = store.counts();
    to.counter("wxlogind_avatars_stored_total", "Pictures of users that were taken.")
        .add(counts.stored.value());
    to.counter("wxlogind_avatars_stored_bytes_total", "Bytes of these pictures, as they are kept.")
        .add(counts.stored_bytes.value());
    to.counter(
          "wxlogind_avatars_removed_total", "Pictures that were deleted: replaced, or of nobody any more.")
        .add(counts.removed.value());
    auto refused = to.counter("wxlogind_avatars_refused_total", "Pictures that were sent and not taken.");
    for (std::size_t index = 0; index < refusals.size(); ++index)
        refused.add(refused_[index].value(), {{"reason", refusals[index].reason}});
}

std::string avatar_access::shown_url(std::string_view avatar_url) const {
    std::string url;
    if (avatar_url.starts_with(storage::avatar_path)) url = rules.base_url;
    return url.append(avatar_url);
}

} // namespace wxlogind::handlers
