#include "bench/wechat-sim/world/security_book.hpp"

#include <utility>

namespace wxlogind::wechat_sim {

std::shared_ptr<const secured_app> security_book::find(std::string_view appid) const {
    const std::lock_guard guard{lock_};
    const auto place = apps_.find(appid);
    return place == apps_.end() ? nullptr : place->second.keys;
}

void security_book::put(std::string_view appid, secured_app keys) {
    const std::lock_guard guard{lock_};
    apps_[std::string{appid}].keys = std::make_shared<const secured_app>(std::move(keys));
}

void security_book::remove(std::string_view appid) {
    const std::lock_guard guard{lock_};
    if (const auto place = apps_.find(appid); place != apps_.end()) apps_.erase(place);
}

secured_text security_book::exchange_last(std::string_view appid, secured_text sent) {
    const std::lock_guard guard{lock_};
    const auto place = apps_.find(appid);
    return place == apps_.end() ? secured_text{} : std::exchange(place->second.last, std::move(sent));
}

} // namespace wxlogind::wechat_sim
