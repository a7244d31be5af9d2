// House-keeping goes to the end of the queue, whoever comes later.
#include "storage/batch_writer.hpp"
#include "tests/support/run_task.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <latch>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace wxlogind::storage;

namespace {

struct named_write final : pending_write {
    explicit named_write(int n) : name{n} {}
    int name;
};

// Notes what it is given, and is busy with the first batch until the test lets it go on.
class noting_target final : public batch_target {
public:
    std::latch has_begun{1};
    std::latch may_go_on{1};
    std::vector<std::vector<int>> batches;

    void write(pending_write* first) noexcept override {
        if (batches.empty()) {
            has_begun.count_down();
            may_go_on.wait();
        }
        auto& batch = batches.emplace_back();
        for (auto* each = first; each != nullptr; each = each->next)
            batch.push_back(static_cast<named_write&>(*each).name);
    }
    void refuse(pending_write&) noexcept override {}
    std::optional<steady_clock::time_point> rest() noexcept override { return std::nullopt; }
};

task<> write_once(batch_writer& by, int name, bool when_idle) {
    named_write write{name};
    auto hand_over = [&](parked& waiter) {
        write.waiter = &waiter;
        when_idle ? by.push_when_idle(write) : by.push(write);
    };
    const executor home = co_await asio::this_coro::executor;
    co_await park(home, hand_over);
}

} // namespace

BOOST_AUTO_TEST_SUITE(idle_writes)

BOOST_AUTO_TEST_CASE(house_keeping_is_written_alone_and_after_everything_that_somebody_waits_for) {
    noting_target target;
    store_counters counters;
    const lasting_loop loop;
    {
        batch_writer writer{write_queue{2, 100}, target, counters};
        const auto push = [&](int name, bool when_idle) {
            asio::co_spawn(*loop, write_once(writer, name, when_idle), asio::detached);
        };
        push(0, false);
        loop->run_one();
        target.has_begun.wait();
        for (const int name : {101, 102}) push(name, true);
        for (const int name : {1, 2, 3}) push(name, false);
        for (int pushed = 0; pushed < 5; ++pushed) loop->run_one();
        target.may_go_on.count_down();
        loop->run();
    }
    const std::vector<std::vector<int>> expected{{0}, {1, 2}, {3}, {101}, {102}};
    BOOST_TEST((target.batches == expected));
}

BOOST_AUTO_TEST_SUITE_END()
