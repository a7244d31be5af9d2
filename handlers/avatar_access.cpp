#include "handlers/avatar_access.hpp"

namespace wxlogind::handlers {

std::shared_ptr<const void> byte_budget::take(std::size_t bytes) {
    if (taken_.fetch_add(bytes, std::memory_order_relaxed) + bytes > limit_) {
        taken_.fetch_sub(bytes, std::memory_order_relaxed);
        return nullptr;
    }
    return {this, [this, bytes](const void*) { taken_.fetch_sub(bytes, std::memory_order_relaxed); }};
}

avatar_access::avatar_access(storage::avatar_store& where, const avatar_settings& settings)
    : store{where}, rules{settings}, memory{settings.memory_bytes} {}

std::string avatar_access::shown_url(std::string_view avatar_url) const {
    std::string url;
    if (avatar_url.starts_with(storage::avatar_path)) url = rules.base_url;
    return url.append(avatar_url);
}

} // namespace wxlogind::handlers
