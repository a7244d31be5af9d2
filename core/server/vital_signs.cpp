#include "core/server/vital_signs.hpp"

namespace wxlogind {

bool vital_signs::have_all_moved(std::span<const vital_sign> now) {
    still_.clear();
    for (std::size_t index = 0; index < before_.size(); ++index)
        if (now[index].beats == before_[index])
            still_.append(still_.empty() ? "" : ", ").append(now[index].part);
    const bool have_moved = !before_.empty() && still_.empty();
    if (have_moved || before_.empty()) {
        before_.clear();
        for (const vital_sign& each : now) before_.push_back(each.beats);
    }
    return have_moved;
}

} // namespace wxlogind
