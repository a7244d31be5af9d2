// The requests that one reactor is answering, and what must not go before they have been answered.
#pragma once

#include <list>
#include <memory>
#include <utility>
#include <vector>

namespace wxlogind::net {

// A request looks at settings, keys and apps as they are when it needs them, and holds on to none: counting
// references would make cores fight over them. So what is exchanged under it is kept here, by the generation
// of requests that may have seen it, and goes with the last of them.
//
// A reactor's thread only.
class requests_in_flight {
    struct generation {
        std::size_t running{0};
        std::vector<std::shared_ptr<const void>> kept{};
    };

public:
    // One request, from the moment it is handled until its answer is made.
    class one {
    public:
        explicit one(requests_in_flight& of) noexcept : of_{of}, mine_{of.newest()} { ++mine_.running; }
        ~one() {
            if (--mine_.running == 0) of_.release_finished();
        }
        one(const one&) = delete;
        one& operator=(const one&) = delete;

    private:
        requests_in_flight& of_;
        generation& mine_;
    };

    requests_in_flight() : generations_(1) {}
    requests_in_flight(const requests_in_flight&) = delete;
    requests_in_flight& operator=(const requests_in_flight&) = delete;

    // Keeps `what` until every request that is in flight now has ended: at once when there is none.
    void keep_for_all(std::shared_ptr<const void> what) {
        newest().kept.push_back(std::move(what));
        generations_.emplace_back();
        release_finished();
    }

    // How many things are kept.
    [[nodiscard]] std::size_t kept() const noexcept {
        std::size_t count = 0;
        for (const generation& each : generations_) count += each.kept.size();
        return count;
    }

private:
    [[nodiscard]] generation& newest() noexcept { return generations_.back(); }

    // Oldest first: what a younger generation keeps, requests of an older one may have seen as well.
    void release_finished() noexcept {
        while (generations_.size() > 1 && generations_.front().running == 0) generations_.pop_front();
    }

    std::list<generation> generations_; // an address is good for as long as its requests run
};

} // namespace wxlogind::net
