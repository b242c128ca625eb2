// What is remembered of many keys in memory that never grows. Keys lie in small sets, as in a processor's cache; where a set is
// full, a new key takes the place of the one that would be forgotten first. A flood of new keys therefore displaces other new keys,
// and not one that has been pressing against its limit: to push that one out, seven others must press harder, in a set that nobody
// can choose, since the numbers that keys are scattered by are made anew by each process.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <random>
#include <vector>

#include "app/throttle/key.hpp"

namespace app::throttle {

using Time = std::chrono::steady_clock::time_point;

// A State has `Time until`, after which it says nothing any more, and is at its default as good as none. Any thread.
template <class State>
class Table {
   public:
    // Room for `entries` keys, rounded up to a power of two.
    explicit Table(std::size_t entries) : slots_(std::bit_ceil(std::max(entries, set_slots))) {
        std::random_device random;
        for (std::uint64_t& one : scatter_) one = static_cast<std::uint64_t>(random()) << 32 | random();
    }
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    // Calls `function(State&)` for the key, which is made room for when it is new; no other thread has the state meanwhile.
    template <class Function>
    auto change(const Key& key, Function function) {
        const std::size_t set = set_of(key);
        const std::lock_guard lock(locks_[set % locks_.size()].mutex);
        Slot* const begin = &slots_[set * set_slots];
        Slot* const end = begin + set_slots;
        Slot* slot = std::find_if(begin, end, [&](const Slot& one) { return one.key == key; });
        if (slot == end) {
            slot = std::min_element(begin, end, [](const Slot& a, const Slot& b) { return a.state.until < b.state.until; });
            *slot = {key, {}};
        }
        return function(slot->state);
    }

    // A copy of what is remembered of the key; a State at its default where that is nothing.
    State find(const Key& key) const {
        const std::size_t set = set_of(key);
        const std::lock_guard lock(locks_[set % locks_.size()].mutex);
        for (std::size_t i = set * set_slots; i < (set + 1) * set_slots; ++i) {
            if (slots_[i].key == key) return slots_[i].state;
        }
        return {};
    }

   private:
    static constexpr std::size_t set_slots = 8;

    struct Slot {
        Key key;
        State state;
    };
    struct alignas(64) Lock {  // a cache line each
        std::mutex mutex;
    };

    // Mixes as splitmix64 does.
    static std::uint64_t mix(std::uint64_t bits) noexcept {
        bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
        bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
        return bits ^ (bits >> 31);
    }
    std::size_t set_of(const Key& key) const noexcept {
        const std::uint64_t mixed = mix(mix(key.high + scatter_[0]) ^ (key.low + scatter_[1]));
        return mixed % (slots_.size() / set_slots);
    }

    std::array<std::uint64_t, 2> scatter_;
    std::vector<Slot> slots_;
    mutable std::array<Lock, 64> locks_;  // each guards every 64th set
};

}  // namespace app::throttle
