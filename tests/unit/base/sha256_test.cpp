#include "app/base/sha256.hpp"

#include <doctest/doctest.h>

#include "app/base/secret.hpp"

TEST_CASE("Sha256 of pieces is that of the whole, at every moment") {
    app::base::Sha256 sum;
    CHECK(sum.hex() == app::base::sha256_hex(""));
    sum.add("a");
    sum.add("");
    CHECK(sum.hex() == app::base::sha256_hex("a"));
    sum.add("bc");
    CHECK(sum.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
