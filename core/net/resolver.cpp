#include "core/net/resolver.hpp"

#include "core/base/log.hpp"
#include "core/base/thread_name.hpp"
#include "core/net/name_lookup.hpp"

#include <algorithm>

namespace wxlogind::net {

namespace {

// nullptr when `host` is an IP literal: there is nothing to look up.
std::unique_ptr<name_lookup> lookup_for(const https_origin& origin, const resolver_settings& settings) {
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(origin.host, not_an_address);
    return not_an_address ? std::make_unique<name_lookup>(settings) : nullptr;
}

} // namespace

resolver::resolver(const https_origin& origin, const resolver_settings& settings)
    : origin_{origin}, settings_{settings}, lookup_{lookup_for(origin, settings)} {
    if (lookup_ == nullptr) {
        publish({{boost::asio::ip::make_address(origin_.host), origin_.port}});
        return;
    }
    thread_ = std::thread{[this] { run(); }};
}

resolver::~resolver() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard guard{lock_};
        is_stopping_ = true;
    }
    changed_.notify_all();
    lookup_->interrupt();
    thread_.join();
}

std::shared_ptr<const address_list> resolver::addresses() const {
    const std::lock_guard guard{lock_};
    return newest_;
}

bool resolver::wait_for_addresses(std::chrono::milliseconds at_most) const {
    std::unique_lock guard{lock_};
    return changed_.wait_for(guard, at_most, [this] { return newest_ != nullptr; });
}

void resolver::publish(address_list found) {
    auto list = std::make_shared<const address_list>(std::move(found));
    {
        const std::lock_guard guard{lock_};
        newest_.swap(list);
    }
    changed_.notify_all();
}

bool resolver::pause(std::chrono::milliseconds span) {
    std::unique_lock guard{lock_};
    return !changed_.wait_for(guard, span, [this] { return is_stopping_; });
}

void resolver::run() {
    name_this_thread("resolver");
    using std::chrono::milliseconds;
    milliseconds after_failure = settings_.first_pause;
    for (;;) {
        std::optional<found_addresses> found;
        try {
            found = lookup_->find(origin_);
        } catch (const std::exception& e) { // a broken resolv.conf, or no memory
            log_warning("a name lookup could not start", {{"host", origin_.host}, {"what", e.what()}});
        }
        if (found) {
            milliseconds next = settings_.interval;
            if (found->ttl)
                next =
                    std::clamp<milliseconds>(*found->ttl, std::min(settings_.shortest_interval, next), next);
            publish(std::move(found->endpoints));
            after_failure = settings_.first_pause;
            if (!pause(next)) return;
            continue;
        }
        failures_.fetch_add(1, std::memory_order_relaxed);
        if (!pause(milliseconds{0})) return; // interrupted, which is no failure to speak of
        log_warning(
            "a host's name could not be resolved",
            {{"host", origin_.host}, {"serving", addresses() == nullptr ? "nothing" : "the last addresses"}});
        if (!pause(after_failure)) return;
        after_failure = std::min(after_failure * 2, settings_.interval);
    }
}

} // namespace wxlogind::net
