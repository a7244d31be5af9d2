// Whether every part of the process that has to turn does turn.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace wxlogind {

// One loop of the process: a count that grows as long as it turns, also when there is nothing to do.
struct vital_sign {
    std::string part; // as its thread is called
    std::uint64_t beats{0};
};

// Compares readings. Pure: no clock, no thread.
class vital_signs {
public:
    // Whether every part has moved since the last time that the answer was yes; then the count begins anew.
    // The first reading is what later ones are compared with. The parts have to be the same ones each time.
    [[nodiscard]] bool have_all_moved(std::span<const vital_sign> now);

    // The parts of the last reading that had not moved: "reactor-1, writer".
    [[nodiscard]] const std::string& still() const noexcept { return still_; }

private:
    std::vector<std::uint64_t> before_;
    std::string still_;
};

} // namespace wxlogind
