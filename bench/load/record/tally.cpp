#include "bench/load/record/tally.hpp"

namespace wxlogind::load {

namespace {

// A server can make up as many codes as it likes.
constexpr std::size_t most_kinds = 64;

void count(std::vector<failure_count>& among, unsigned status, std::string_view what, std::uint64_t times) {
    for (failure_count& each : among)
        if (each.kind.status == status && each.kind.what == what) {
            each.count += times;
            return;
        }
    if (among.size() < most_kinds)
        among.push_back({{status, std::string{what}}, times});
    else
        among.back().count += times;
}

} // namespace

void tally::count_failure(unsigned status, std::string_view what) {
    ++failed;
    count(failures, status, what, 1);
}

void tally::add(const tally& other) {
    latency.add(other.latency);
    refusal.add(other.refusal);
    succeeded += other.succeeded;
    failed += other.failed;
    new_users += other.new_users;
    for (const failure_count& each : other.failures)
        count(failures, each.kind.status, each.kind.what, each.count);
}

void interval::add(const interval& other) {
    if (operations.size() < other.operations.size()) operations.resize(other.operations.size());
    for (std::size_t at = 0; at < other.operations.size(); ++at) operations[at].add(other.operations[at]);
    lag.add(other.lag);
    opened += other.opened;
    unstarted += other.unstarted;
    spent.running += other.spent.running;
    spent.waiting += other.spent.waiting;
    parked += other.parked;
}

tally interval::whole() const {
    tally sum;
    for (const tally& each : operations) sum.add(each);
    return sum;
}

} // namespace wxlogind::load
