#include "bench/load/drive/run_load.hpp"

#include "bench/load/drive/load_thread.hpp"

#include <exception>
#include <latch>
#include <thread>

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

namespace wxlogind::load {

namespace {

// For the threads to be there when it begins.
constexpr milliseconds head_start{5};

void pin_to(unsigned cpu) {
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(cpu, &only);
    const int error = ::pthread_setaffinity_np(::pthread_self(), sizeof only, &only);
    if (error != 0)
        throw std::system_error{
            error, std::system_category(), "cannot be pinned to CPU " + std::to_string(cpu)};
}

// What the threads and the one who started them tell each other.
struct gate {
    explicit gate(unsigned threads) : ready{threads} {}

    std::latch ready;
    std::latch go{1};
    steady::time_point start{};
    bool is_called_off{false};
    std::atomic<bool> stop{false};
};

void work(
    const load_plan& plan, unsigned number, operations& what, collector& to, gate& at,
    std::exception_ptr& trouble) {
    std::optional<load_thread> made;
    try {
        // Waits end when they should, not up to 50 us later.
        ::prctl(PR_SET_TIMERSLACK, 1UL, 0, 0, 0);
        if (!plan.cpus.empty()) pin_to(plan.cpus[number % plan.cpus.size()]);
        made.emplace(plan, number, what, to, at.stop);
        made->open_idle_connections();
    } catch (...) {
        trouble = std::current_exception();
    }
    at.ready.count_down();
    at.go.wait();
    if (at.is_called_off || trouble) return;
    try {
        made->run(at.start);
    } catch (...) {
        trouble = std::current_exception();
        at.stop = true;
    }
}

std::optional<spent::usage> look_at(const run_watch& watch) {
    return watch.server == nullptr ? std::nullopt : watch.server->look();
}

// Looks at the server and the machine where intervals meet.
class boundary_looks {
public:
    boundary_looks(const load_plan& plan, const run_watch& watch, steady::time_point start)
        : plan_{plan}, watch_{watch}, next_{start} {}

    [[nodiscard]] steady::time_point next() const noexcept { return next_; }

    void look_if_due() {
        if (steady::now() < next_) return;
        look_now();
        next_ += plan_.interval;
    }
    // The last one, of a run that ended between two.
    void look_now() {
        looks_.push_back(look_at(watch_));
        machine_.push_back(spent::look_at_machine());
    }

    // Between looks `from` and `to`.
    [[nodiscard]] std::optional<spent::usage> between(std::size_t from, std::size_t to) const {
        if (from > to || to >= looks_.size() || !looks_[from] || !looks_[to]) return std::nullopt;
        return spent::difference(*looks_[from], *looks_[to]);
    }
    [[nodiscard]] std::optional<spent::machine_time> machine_between(std::size_t from, std::size_t to) const {
        if (from > to || to >= machine_.size() || !machine_[from] || !machine_[to]) return std::nullopt;
        return spent::difference(*machine_[from], *machine_[to]);
    }
    [[nodiscard]] std::size_t count() const noexcept { return looks_.size(); }

private:
    const load_plan& plan_;
    const run_watch& watch_;
    steady::time_point next_;
    std::vector<std::optional<spent::usage>> looks_{};
    std::vector<std::optional<spent::machine_time>> machine_{};
};

} // namespace

load_result run_load(const load_plan& plan, std::vector<operations>& what, const run_watch& watch) {
    collector collected;
    gate at{plan.threads};
    std::atomic<unsigned> running{plan.threads};
    std::vector<std::exception_ptr> troubles(plan.threads);
    const auto before_connecting = look_at(watch);

    std::vector<std::jthread> threads;
    threads.reserve(plan.threads);
    for (unsigned number = 0; number < plan.threads; ++number)
        threads.emplace_back([&, number] {
            work(plan, number, what[number], collected, at, troubles[number]);
            --running;
        });
    at.ready.wait();
    for (const std::exception_ptr& each : troubles) at.is_called_off |= each != nullptr;
    const auto after_connecting = look_at(watch);
    at.start = steady::now() + head_start;
    at.go.count_down();

    timeline record{plan.threads, plan.interval, plan.warm_up_intervals, plan.measured_intervals};
    boundary_looks looks{plan, watch, at.start};
    load_result result;
    bool is_last = false;
    while (!is_last) {
        is_last = running == 0;
        // Often enough to notice a signal soon.
        const auto soon = steady::now() + milliseconds{20};
        for (auto& each : collected.take_until(is_last ? steady::now() : std::min(soon, looks.next())))
            record.add(std::move(each), [&](const timeline_point& point) {
                if (watch.on_point) watch.on_point(point);
            });
        if (!is_last) looks.look_if_due();
        if (watch.stop != nullptr && *watch.stop && !at.stop) {
            at.stop = true;
            result.is_interrupted = true;
        }
    }
    threads.clear();
    for (const std::exception_ptr& each : troubles)
        if (each) std::rethrow_exception(each);

    const std::size_t planned = plan.warm_up_intervals + plan.measured_intervals;
    if (plan.measured_intervals == 0 || looks.count() <= planned) looks.look_now();
    const std::size_t last =
        plan.measured_intervals == 0 ? looks.count() - 1 : std::min(planned, looks.count() - 1);
    result.server = looks.between(plan.warm_up_intervals, last);
    result.machine = looks.machine_between(plan.warm_up_intervals, last);
    for (const timeline_point& each : record.points())
        result.server_points.push_back(looks.between(each.number, each.number + 1));
    for (std::size_t at_operation = 0; at_operation < what.front().size(); ++at_operation)
        result.operations.push_back(what.front()[at_operation].name());
    result.total = record.measured();
    result.seconds = std::chrono::duration<double>(record.measured().length).count();
    result.points = record.points();
    result.threads = record.spent_by_thread();
    result.parked = result.points.empty() ? 0 : result.points.back().parked;
    if (plan.idle_connections != 0 && before_connecting && after_connecting &&
        after_connecting->resident_bytes > before_connecting->resident_bytes)
        result.parked_bytes =
            (after_connecting->resident_bytes - before_connecting->resident_bytes) / plan.idle_connections;
    return result;
}

} // namespace wxlogind::load
