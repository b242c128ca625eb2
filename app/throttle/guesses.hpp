// Slows down who guesses passwords. Wrong ones are counted for each account as one address tries it, and for each address over all
// accounts: after the first few, each costs a pause, twice as long as the one before up to a bound, in which that address is
// refused without a look at its password. Nothing is counted for an account as such, so that its owner comes in from any other
// address whatever the guessers do; and accounts that do not exist are counted alike. Wrong passwords are forgotten one after the
// other, each after the longest pause; a right one ends what is held against that account and address.
//
// Up to the first pause many may be tried at a time, for a client may send its password with each of its requests. From there on it
// is one at a time: the pause begins with the attempt and not with its end, so that many at once win nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "app/throttle/table.hpp"

namespace app::throttle {

struct GuessOptions {
    int account_free = 5;   // wrong passwords without a pause: for one account from one address
    int address_free = 30;  // ... and for any from one address
    std::chrono::seconds pause_max{60};
    std::size_t entries = 65536;  // pairs of account and address, and addresses, that are remembered: see Table
};

// Any thread.
class Guesses {
   public:
    explicit Guesses(const GuessOptions& options);

    // A password that is being checked, for what somebody at `address` calls an account (in its canonical form). Say how it came
    // out; if nothing is said, as when the check failed for other reasons, it had never been.
    class Attempt {
       public:
        // Throws too_many, with the rest of the pause, where there is one.
        Attempt(Guesses& guesses, const Key& address, std::string_view account, Time now);
        ~Attempt();
        Attempt(const Attempt&) = delete;
        Attempt& operator=(const Attempt&) = delete;

        void was_wrong(Time now);
        void was_right();

       private:
        Attempt(Guesses& guesses, const Key& account, const Key& address)
            : guesses_(guesses), account_(account), address_(address) {}
        void take_back();

        Guesses& guesses_;
        const Key account_, address_;
        bool account_counted_ = false, address_counted_ = false;  // as wrong, in advance
    };

   private:
    struct Count {
        Time until{};   // all is forgotten then: how far off that is, is how much there is to forget
        Time paused{};  // until when
    };
    struct Side {
        const int free;
        Table<Count> table;
    };

    bool enter(Side& side, const Key& key, Time now);
    void take_back(Side& side, const Key& key);
    void count(Side& side, const Key& key, Time now);
    void add_wrong(const Side& side, Count& count, Time now) const;
    std::int64_t wrong_ones(const Count& count, Time now) const;

    const std::chrono::seconds pause_max_;
    const std::string secret_;
    Side accounts_, addresses_;
};

}  // namespace app::throttle
