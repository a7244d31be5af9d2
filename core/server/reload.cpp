#include "core/server/reload.hpp"

#include "core/base/log.hpp"

#include <exception>
#include <utility>

namespace wxlogind {

void reload_list::add(std::string_view what, reading read) {
    parts_.push_back({what, std::move(read)});
}

void log_refused_reload(std::string_view what, const std::exception& why) {
    log_error(
        "SIGHUP: refused, everything stays as it was; mend the file and send SIGHUP again",
        {{"what", what}, {"why", why.what()}});
}

bool reload_list::reload(const config& next) const {
    std::vector<change> changes;
    for (const part& each : parts_) {
        try {
            changes.push_back(each.read(next));
        } catch (const std::exception& why) {
            log_refused_reload(each.what, why);
            return false;
        }
    }
    for (const change& put_in_force : changes) put_in_force();
    return true;
}

} // namespace wxlogind
