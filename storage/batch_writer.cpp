#include "storage/batch_writer.hpp"

#include "core/base/thread_name.hpp"

#include <algorithm>
#include <utility>

namespace wxlogind::storage {

namespace {

// An idle writer turns as often, so that one can see that it would wake.
constexpr std::chrono::seconds longest_sleep{1};

} // namespace

batch_writer::batch_writer(
    write_queue limits, batch_target& target, store_counters& counters, std::string_view name)
    : target_{target},
      counters_{counters},
      queue_{limits},
      thread_{[this, called = std::string{name}] { run(called); }} {}

batch_writer::~batch_writer() {
    stop_and_join();
}

void batch_writer::write_list::push_back(pending_write& write) noexcept {
    write.next = nullptr;
    (first == nullptr ? first : last->next) = &write;
    last = &write;
}

pending_write* batch_writer::write_list::take(std::size_t rows) noexcept {
    pending_write* const taken = first;
    pending_write* last_taken = first;
    for (std::size_t row = 1; row < rows; ++row) last_taken = last_taken->next;
    first = last_taken->next;
    last_taken->next = nullptr;
    return taken;
}

void batch_writer::push(pending_write& write, bool when_idle) {
    bool is_taken = false;
    bool has_to_wake = false;
    write.pushed = steady_clock::now();
    {
        const std::lock_guard lock{mutex_};
        is_taken = when_idle ? queue_.offer_idle() : queue_.offer();
        if (is_taken) {
            (when_idle ? idle_writes_ : writes_).push_back(write);
            if (writes_.first == &write) note_first();
            counters_.queued.set(queue_.queued());
            // A writer that is busy looks at the queue anyway before it sleeps: no system call then.
            has_to_wake = std::exchange(is_asleep_, false);
        }
    }
    if (has_to_wake) wake_.notify_one();
    if (!is_taken) {
        counters_.refused_rows.fetch_add(1, std::memory_order_relaxed);
        target_.refuse(write);
        // Posted, not resumed here: the coroutine is still on its way to being suspended.
        resume_one(*write.waiter);
    }
}

void batch_writer::stop_and_join() {
    {
        const std::lock_guard lock{mutex_};
        queue_.stop();
        is_asleep_ = false;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void batch_writer::run(const std::string& name) {
    name_this_thread(name);
    std::optional<steady_clock::time_point> rest_at;
    std::unique_lock lock{mutex_};
    const auto commit = [&](pending_write* batch) {
        note_first();
        lock.unlock();
        const auto now = steady_clock::now();
        for (pending_write* write = batch; write != nullptr; write = write->next) write->taken = now;
        target_.write(batch);
        finish(batch);
        rest_at = target_.rest();
        lock.lock();
    };
    for (;;) {
        count(counters_.writer_turns);
        switch (queue_.next()) {
        case writer_step::commit: {
            const std::size_t rows = queue_.take_batch();
            counters_.queued.set(queue_.queued());
            commit(writes_.take(rows));
            break;
        }
        case writer_step::commit_idle:
            queue_.take_idle();
            commit(idle_writes_.take(1));
            break;
        case writer_step::sleep: {
            is_asleep_ = true;
            const auto is_woken = [this] { return !is_asleep_; };
            const auto turn_at = steady_clock::now() + longest_sleep;
            const bool is_pushed =
                wake_.wait_until(lock, rest_at ? std::min(*rest_at, turn_at) : turn_at, is_woken);
            is_asleep_ = false;
            if (!is_pushed && rest_at && steady_clock::now() >= *rest_at) {
                lock.unlock();
                rest_at = target_.rest();
                lock.lock();
            }
            break;
        }
        case writer_step::stop: return;
        }
    }
}

// Under mutex_.
void batch_writer::note_first() noexcept {
    const pending_write* const first = writes_.first;
    waiting_since_.store(
        first == nullptr ? 0 : first->pushed.time_since_epoch().count(), std::memory_order_relaxed);
}

steady_clock::duration batch_writer::queue_time(steady_clock::time_point now) const noexcept {
    const auto since = waiting_since_.load(std::memory_order_relaxed);
    if (since == 0) return steady_clock::duration{0};
    return std::max(now.time_since_epoch() - steady_clock::duration{since}, steady_clock::duration{0});
}

// One posted call a reactor, however many of its coroutines waited: a hop costs tens of microseconds, a
// resumption less than one.
void batch_writer::finish(pending_write* first) {
    resumptions_.clear();
    for (pending_write* write = first; write != nullptr; write = write->next) {
        const executor& home = write->waiter->home();
        auto at = std::find_if(
            resumptions_.begin(), resumptions_.end(), [&](const resumption& r) { return r.home == home; });
        if (at == resumptions_.end()) at = resumptions_.insert(at, resumption{home, {}});
        at->waiters.push_back(*write->waiter);
    }
    // From here on the writes may be gone: they live in the coroutines that are resumed.
    for (const resumption& each : resumptions_) resume_all(each.home, each.waiters);
    resumptions_.clear();
}

} // namespace wxlogind::storage
