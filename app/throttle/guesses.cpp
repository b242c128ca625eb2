#include "app/throttle/guesses.hpp"

#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/secret.hpp"

namespace app::throttle {

using std::chrono::seconds;

Guesses::Guesses(const GuessOptions& options)
    : pause_max_(options.pause_max),
      secret_(base::random_token(32)),
      accounts_{options.account_free, Table<Count>(options.entries)},
      addresses_{options.address_free, Table<Count>(options.entries)} {}

// It is whole once the other constructor is done, so that a pause of the address undoes what was counted for the account.
Guesses::Attempt::Attempt(Guesses& guesses, const Key& address, std::string_view account, Time now)
    : Attempt(guesses, name_key(address, account, guesses.secret_), address) {
    account_counted_ = guesses_.enter(guesses_.accounts_, account_, now);
    address_counted_ = guesses_.enter(guesses_.addresses_, address_, now);
}

Guesses::Attempt::~Attempt() { take_back(); }

void Guesses::Attempt::was_wrong(Time now) {
    if (!account_counted_) guesses_.count(guesses_.accounts_, account_, now);
    if (!address_counted_) guesses_.count(guesses_.addresses_, address_, now);
    account_counted_ = address_counted_ = false;
}

// An address keeps what others got wrong: else guessers would clear it with an account of their own.
void Guesses::Attempt::was_right() {
    take_back();
    if (guesses_.accounts_.table.find(account_).until == Time{}) return;
    guesses_.accounts_.table.change(account_, [](Count& count) { count = {}; });
}

void Guesses::Attempt::take_back() {
    if (account_counted_) guesses_.take_back(guesses_.accounts_, account_);
    if (address_counted_) guesses_.take_back(guesses_.addresses_, address_);
    account_counted_ = address_counted_ = false;
}

// Whether the attempt was counted as wrong in advance. Nothing is written for those of whom nothing is known.
bool Guesses::enter(Side& side, const Key& key, Time now) {
    if (wrong_ones(side.table.find(key), now) < side.free) return false;
    return side.table.change(key, [&](Count& count) {
        if (now < count.paused) {
            const seconds left = std::chrono::ceil<seconds>(count.paused - now);
            throw base::Error(base::Code::too_many,
                              "too many wrong passwords; try again in " + std::to_string(left.count()) + " s")
                .set_retry_after(left);
        }
        if (wrong_ones(count, now) < side.free) return false;
        add_wrong(side, count, now);
        return true;
    });
}

void Guesses::take_back(Side& side, const Key& key) {
    side.table.change(key, [this](Count& count) {
        if (count.until != Time{}) count.until -= pause_max_;
        count.paused = {};
    });
}

void Guesses::count(Side& side, const Key& key, Time now) {
    side.table.change(key, [&](Count& count) { add_wrong(side, count, now); });
}

void Guesses::add_wrong(const Side& side, Count& count, Time now) const {
    count.until = std::max(count.until, now) + pause_max_;
    const std::int64_t costly = wrong_ones(count, now) - side.free;
    if (costly <= 0) return;
    constexpr std::int64_t doublings_max = 30;
    const seconds pause{std::int64_t{1} << std::min(costly - 1, doublings_max)};
    count.paused = std::max(count.paused, now + std::min(pause, pause_max_));
}

std::int64_t Guesses::wrong_ones(const Count& count, Time now) const {
    if (count.until <= now) return 0;
    const std::chrono::nanoseconds whole = pause_max_, left = count.until - now;
    return (left + whole - std::chrono::nanoseconds(1)) / whole;
}

}  // namespace app::throttle
