#include "core/reload.hpp"

#include "core/base/log.hpp"

#include <exception>
#include <utility>

namespace wxlogind {

void reload_list::add(std::string_view what, reading read) {
    parts_.push_back({what, std::move(read)});
}

bool reload_list::reload() const {
    std::vector<change> changes;
    for (const part& each : parts_) {
        try {
            changes.push_back(each.read());
        } catch (const std::exception& why) {
            log_error(
                "SIGHUP: refused, everything stays as it was; mend the file and send SIGHUP again",
                {{"what", each.what}, {"why", why.what()}});
            return false;
        }
    }
    for (const change& put_in_force : changes) put_in_force();
    log_info("SIGHUP: reloaded");
    return true;
}

} // namespace wxlogind
