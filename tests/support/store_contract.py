"""What every store promises, as test classes that each store's own test inherits.

A subclass gives the fixture `place`: a function that opens a store on the same place with the limits it is handed.
"""

import contextlib
import itertools
import multiprocessing
import threading
import time

import pytest

from mockserver.stores.base import SERVER, Limit, Limits, Usage
from mockserver.stores.opening import open_store

ROOMY = 1 << 20


def increment(record):
    return {"n": (record or {"n": 0})["n"] + 1}


def becomes(record):
    return lambda _: record


def in_threads(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class StoreContract:
    @pytest.fixture
    def opened(self, place):
        stores = []

        def opened(limits=None):
            stores.append(place(limits or Limits()))
            return stores[-1]

        yield opened
        for store in stores:
            store.close()

    @pytest.fixture
    def store(self, opened):
        return opened()

    def test_a_record_that_was_never_written_is_none(self, store):
        assert store.get("s", "kind", "a") is None

    def test_update_returns_what_get_finds(self, store):
        returned = store.update("s", "kind", "a", becomes({"n": 1}))

        assert returned == {"n": 1}
        assert store.get("s", "kind", "a") == {"n": 1}

    def test_update_sees_what_the_last_update_left(self, store):
        for _ in range(3):
            store.update("s", "kind", "a", increment)

        assert store.get("s", "kind", "a") == {"n": 3}

    def test_a_change_is_given_none_where_nothing_is(self, store):
        seen = []
        store.update("s", "kind", "a", lambda record: seen.append(record) or {})

        assert seen == [None]

    def test_a_change_to_none_deletes(self, store):
        store.update("s", "kind", "a", becomes({"n": 1}))

        returned = store.update("s", "kind", "a", becomes(None))

        assert returned is None
        assert store.get("s", "kind", "a") is None
        assert store.keys("s", "kind") == []
        assert store.usage("s", "kind") == Usage(entries=0, bytes=0, dropped=0)

    def test_deleting_what_is_not_there_does_nothing(self, store):
        assert store.update("s", "kind", "a", becomes(None)) is None
        assert store.usage("s", "kind") == Usage()
        assert store.spaces() == []

    def test_a_change_that_raises_leaves_the_record_and_the_store_usable(self, store):
        store.update("s", "kind", "a", becomes({"n": 1}))

        with pytest.raises(ZeroDivisionError):
            store.update("s", "kind", "a", lambda _: 1 / 0)

        assert store.get("s", "kind", "a") == {"n": 1}
        assert store.update("s", "kind", "a", increment) == {"n": 2}

    @pytest.mark.parametrize("key", ["", "x" * 5_000, "\0", "é" * 300])
    def test_a_key_may_be_any_text(self, opened, key):
        store = opened(Limits(otherwise=Limit(1, ROOMY)))
        for _ in range(2):
            store.update("s", "kind", key, becomes({"n": 1}))

        assert (store.get("s", "kind", key), store.keys("s", "kind")) == ({"n": 1}, [key])
        store.update("s", "kind", "other", becomes({"n": 2}))
        assert (store.get("s", "kind", key), store.keys("s", "kind")) == (None, ["other"])
        store.update("s", "kind", key, becomes({"n": 3}))
        assert store.update("s", "kind", key, becomes(None)) is None
        assert store.usage("s", "kind").entries == 0

    def test_an_update_that_changes_nothing_keeps_the_record(self, store):
        store.update("s", "kind", "a", becomes({"n": 1}))

        assert store.update("s", "kind", "a", lambda record: record) == {"n": 1}
        assert store.usage("s", "kind").entries == 1

    def test_what_is_returned_is_the_callers_own_copy(self, store):
        given = {"list": [1]}
        returned = store.update("s", "kind", "a", becomes(given))
        number = store.append("s", "log", given)
        for mine in (given, returned, store.get("s", "kind", "a"), next(store.entries("s", "log"))[1]):
            mine["list"].append(2)

        assert store.get("s", "kind", "a") == {"list": [1]}
        assert list(store.entries("s", "log")) == [(number, {"list": [1]})]

    def test_a_change_may_spoil_what_it_was_given(self, store):
        store.update("s", "kind", "a", becomes({"list": [1]}))

        def spoil(record):
            record["list"].append(2)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            store.update("s", "kind", "a", spoil)

        assert store.get("s", "kind", "a") == {"list": [1]}

    def test_what_is_done_together_is_as_if_done_one_by_one(self, store):
        with store.transaction():
            numbers = [store.append("s", "log", {})]
            store.update("s", "kind", "a", increment)
            store.update("s", "kind", "b", increment)
            numbers += [store.append("s", "log", {})]
            store.update("s", "kind", "a", becomes(None))
            store.append("s", "other log", {})
            seen = store.get("s", "kind", "a"), store.get("s", "kind", "b"), store.get("s", "kind", "c")
            numbers += [store.append("s", "log", {})]

        assert (numbers, seen) == ([1, 2, 3], (None, {"n": 1}, None))
        assert store.keys("s", "kind") == ["b"]
        assert (store.usage("s", "log").entries, store.usage("s", "kind").entries) == (3, 1)
        assert [number for number, _ in store.entries("s", "log")] == [1, 2, 3]

    def test_a_store_says_whether_it_undoes_what_was_done_together(self, store):
        with contextlib.suppress(ZeroDivisionError), store.transaction():
            for space in ("s", "t"):
                store.append(space, "log", {})
                store.update(space, "kind", "a", becomes({}))
            store.update("t", "kind", "b", lambda _: 1 / 0)

        assert store.rolls_back == (store.spaces() == [])

    def test_keys_come_oldest_first_and_an_update_does_not_make_younger(self, store):
        for key in ("c", "a", "b", "c"):
            store.update("s", "kind", key, increment)

        assert store.keys("s", "kind") == ["c", "a", "b"]

    def test_a_record_that_was_deleted_and_written_again_is_young(self, store):
        for key in ("a", "b"):
            store.update("s", "kind", key, increment)
        store.update("s", "kind", "a", becomes(None))
        store.update("s", "kind", "a", increment)

        assert store.keys("s", "kind") == ["b", "a"]

    def test_kinds_and_spaces_do_not_see_each_other(self, store):
        store.update("s", "kind", "a", becomes({"n": 1}))
        store.append("s", "log", {"n": 2})

        assert store.get("t", "kind", "a") is None
        assert store.get("s", "other", "a") is None
        assert store.keys("t", "kind") == []
        assert list(store.entries("t", "log")) == []
        assert store.usage("t", "log") == Usage()

    def test_names_with_separators_do_not_reach_into_each_other(self, store):
        # In a store that joins its names with colons, these two could become one.
        store.update("s", "x:values:y", "a", becomes({"mine": 1}))
        store.update("s:values:x", "y", "a", becomes({"mine": 2}))
        store.clear("s:values:x")

        assert store.get("s", "x:values:y", "a") == {"mine": 1}
        assert store.spaces() == ["s"]

    def test_spaces_are_listed_sorted_and_without_the_servers_own(self, store):
        store.append("late", "log", {})
        store.update("early", "kind", "a", increment)
        store.update(SERVER, "kind", "a", increment)

        assert store.spaces() == ["early", "late"]

    def test_a_space_that_holds_nothing_any_more_is_not_listed(self, store):
        store.update("s", "kind", "a", increment)
        store.update("s", "kind", "a", becomes(None))

        assert store.spaces() == []

    def test_the_servers_own_space_is_read_and_cleared_like_any(self, store):
        store.update(SERVER, "kind", "a", increment)

        assert store.get(SERVER, "kind", "a") == {"n": 1}
        store.clear(SERVER)
        assert store.get(SERVER, "kind", "a") is None

    def test_usage_counts_bytes_of_entries_and_of_records_with_their_keys(self, store):
        store.update("s", "kind", "é", becomes({"n": 1}))
        store.update("s", "kind", "é", becomes({"n": 100}))
        store.append("s", "log", {"n": 1})
        store.append("s", "log", {})

        assert store.usage("s", "kind") == Usage(entries=1, bytes=len("é".encode()) + len('{"n":100}'))
        assert store.usage("s", "log") == Usage(entries=2, bytes=len('{"n":1}{}'))

    @pytest.mark.parametrize(
        "limit", [pytest.param(Limit(3, ROOMY), id="entries"), pytest.param(Limit(ROOMY, 3 * 8), id="bytes")]
    )
    def test_records_over_the_bound_drop_the_oldest_and_are_counted(self, opened, limit):
        store = opened(Limits(named={"kind": limit}))
        for key in "abcde":
            store.update("s", "kind", key, becomes({"n": 1}))  # 8 bytes with its key
        store.update("s", "unbounded", "a", increment)

        assert store.keys("s", "kind") == ["c", "d", "e"]
        assert store.get("s", "kind", "a") is None
        assert store.usage("s", "kind") == Usage(entries=3, bytes=24, dropped=2)
        assert store.usage("s", "unbounded").dropped == 0

    @pytest.mark.parametrize(
        "limit", [pytest.param(Limit(3, ROOMY), id="entries"), pytest.param(Limit(ROOMY, 3 * 7), id="bytes")]
    )
    def test_entries_over_the_bound_drop_the_oldest_and_are_counted(self, opened, limit):
        store = opened(Limits(named={"log": limit}))
        for n in range(1, 6):
            store.append("s", "log", {"n": n})  # 7 bytes

        assert list(store.entries("s", "log")) == [(3, {"n": 3}), (4, {"n": 4}), (5, {"n": 5})]
        assert store.usage("s", "log") == Usage(entries=3, bytes=21, dropped=2)

    def test_each_space_has_the_bound_for_itself(self, opened):
        store = opened(Limits(otherwise=Limit(1, ROOMY)))
        for space in ("s", "t"):
            store.append(space, "log", {})

        assert [store.usage(space, "log") for space in ("s", "t")] == [Usage(1, 2, 0)] * 2

    def test_one_large_entry_drops_as_many_small_ones_as_it_takes(self, opened):
        store = opened(Limits(otherwise=Limit(ROOMY, 39)))
        for _ in range(5):
            store.append("s", "log", {"n": 1})
        store.append("s", "log", {"large": "x" * 14})  # 26 bytes

        assert [number for number, _ in store.entries("s", "log")] == [5, 6]
        assert store.usage("s", "log") == Usage(entries=2, bytes=33, dropped=4)

    def test_what_is_larger_than_the_whole_bound_is_kept_alone_until_something_younger_comes(self, opened):
        store = opened(Limits(otherwise=Limit(ROOMY, 10)))
        large = {"large": "x" * 100}
        for key, record in (("a", {}), ("b", large)):
            store.update("s", "kind", key, becomes(record))
            store.append("s", "log", record)

        assert store.get("s", "kind", "b") == large
        assert store.keys("s", "kind") == ["b"]
        assert list(store.entries("s", "log")) == [(2, large)]

        store.append("s", "log", {})

        assert list(store.entries("s", "log")) == [(3, {})]

    def test_an_old_record_that_grows_over_the_bound_drops_others_and_not_itself(self, opened):
        store = opened(Limits(otherwise=Limit(ROOMY, 20)))
        for key in "abc":
            store.update("s", "kind", key, becomes({}))  # 3 bytes with its key
        store.update("s", "kind", "a", becomes({"text": "12345"}))  # 17 bytes with its key

        assert store.keys("s", "kind") == ["a", "c"]
        assert store.usage("s", "kind") == Usage(entries=2, bytes=20, dropped=1)

    def test_entries_are_numbered_from_one_in_order(self, store):
        assert [store.append("s", "log", {"n": n}) for n in range(3)] == [1, 2, 3]
        assert list(store.entries("s", "log")) == [(1, {"n": 0}), (2, {"n": 1}), (3, {"n": 2})]

    def test_numbers_go_on_after_entries_were_dropped(self, opened):
        store = opened(Limits(otherwise=Limit(1, ROOMY)))

        assert [store.append("s", "log", {}) for _ in range(4)] == [1, 2, 3, 4]

    @pytest.mark.parametrize(("after", "numbers"), [(0, [3, 4, 5]), (2, [3, 4, 5]), (4, [5]), (5, []), (99, [])])
    def test_entries_after_a_number(self, opened, after, numbers):
        store = opened(Limits(otherwise=Limit(3, ROOMY)))
        for _ in range(5):
            store.append("s", "log", {})

        assert [number for number, _ in store.entries("s", "log", after=after)] == numbers

    def test_a_long_log_is_read_whole_and_in_order(self, store):
        for n in range(1, 701):
            store.append("s", "log", {"n": n})

        assert list(store.entries("s", "log")) == [(n, {"n": n}) for n in range(1, 701)]
        assert [number for number, _ in store.entries("s", "log", after=255)] == list(range(256, 701))

    def test_a_reader_who_appends_for_each_entry_comes_to_an_end(self, store):
        for _ in range(3):
            store.append("s", "log", {})

        read = [store.append("s", "log", {}) for _ in store.entries("s", "log")]

        assert read == [4, 5, 6]

    def test_a_reader_goes_on_behind_what_is_dropped_meanwhile(self, opened):
        store = opened(Limits(otherwise=Limit(600, ROOMY)))
        for _ in range(600):
            store.append("s", "log", {})
        reader = store.entries("s", "log")
        next(reader)
        for _ in range(500):
            store.append("s", "log", {})

        numbers = [number for number, _ in reader]

        assert numbers == sorted(set(numbers))
        assert numbers[-100:] == list(range(501, 601))

    def test_a_reader_of_a_log_that_is_cleared_meanwhile_sees_no_other_log(self, store):
        for _ in range(600):
            store.append("s", "log", {"mine": True})
        reader = store.entries("s", "log")
        next(reader)
        store.clear("s")
        for _ in range(600):
            store.append("t", "log", {"mine": False})

        assert all(entry == {"mine": True} for _, entry in reader)

    def test_clear_of_a_space_forgets_records_logs_counters_and_numbering_there_only(self, opened):
        store = opened(Limits(otherwise=Limit(1, ROOMY)))
        for space in ("s", "t"):
            for key in "ab":
                store.update(space, "kind", key, increment)
                store.append(space, "log", {})

        store.clear("s")

        assert store.spaces() == ["t"]
        assert store.keys("s", "kind") == []
        assert store.get("s", "kind", "b") is None
        assert list(store.entries("s", "log")) == []
        assert store.usage("s", "kind") == store.usage("s", "log") == Usage()
        assert store.append("s", "log", {}) == 1
        assert store.append("t", "log", {}) == 3

    @pytest.mark.parametrize(("cleared", "left"), [("kind", "log"), ("log", "kind")])
    def test_clear_of_one_name_leaves_the_others(self, store, cleared, left):
        store.update("s", "kind", "a", increment)
        store.append("s", "log", {})

        store.clear("s", cleared)

        assert store.usage("s", cleared) == Usage()
        assert store.usage("s", left).entries == 1
        assert store.spaces() == ["s"]

    def test_a_space_whose_last_name_is_cleared_is_not_listed(self, store):
        store.append("s", "log", {})

        store.clear("s", "log")

        assert store.spaces() == []

    def test_clear_of_what_is_not_there_does_nothing(self, store):
        store.clear("s")
        store.clear("s", "log")

        assert store.spaces() == []

    def test_a_name_with_a_wildcard_clears_itself_only(self, store):
        for space in ("s", "s2", "*2"):
            store.append(space, "log", {})

        store.clear("*2")

        assert store.spaces() == ["s", "s2"]

    def test_concurrent_updates_lose_nothing(self, store):
        def increment_slowly(record):
            time.sleep(0)  # lets other threads run in the middle of the change
            return increment(record)

        def work(_):
            for _ in range(25):
                store.update("s", "kind", "a", increment_slowly)

        in_threads(8, work)

        assert store.get("s", "kind", "a") == {"n": 200}

    def test_concurrent_appends_are_numbered_uniquely_and_without_gaps(self, opened):
        store = opened(Limits(otherwise=Limit(150, ROOMY)))
        numbers = []
        in_threads(8, lambda _: numbers.extend([store.append("s", "log", {}) for _ in range(25)]))

        assert sorted(numbers) == list(range(1, 201))
        assert store.usage("s", "log") == Usage(entries=150, bytes=300, dropped=50)

    def test_a_log_is_read_in_order_while_others_append_and_drop(self, opened):
        store = opened(Limits(otherwise=Limit(300, ROOMY)))
        reads = []

        def work(number):
            if number:
                for n in range(200):
                    store.append("s", "log", {"n": n})
            else:
                reads.extend([[number for number, _ in store.entries("s", "log")] for _ in range(20)])

        in_threads(4, work)

        assert len(reads) == 20
        assert all(a < b for read in reads for a, b in itertools.pairwise(read))

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("", id="empty"),
            pytest.param("a\0b", id="NUL"),
            pytest.param("naïve 日本 🙂", id="beyond ASCII"),
            pytest.param("\ud800", id="half a surrogate pair"),
            pytest.param('"\\:{}*%', id="punctuation"),
            pytest.param("x" * 10_000, id="long"),
        ],
    )
    def test_any_text_is_a_key_and_a_value(self, store, text):
        store.update("s", "kind", text, becomes({"text": text}))
        store.append("s", "log", {text: text})

        assert store.get("s", "kind", text) == {"text": text}
        assert store.keys("s", "kind") == [text]
        assert list(store.entries("s", "log")) == [(1, {text: text})]

    def test_keys_that_begin_alike_are_different(self, store):
        for key in ("a", "a\0", "a\0b", "A"):
            store.update("s", "kind", key, becomes({"key": key}))

        assert store.keys("s", "kind") == ["a", "a\0", "a\0b", "A"]
        assert store.get("s", "kind", "a\0") == {"key": "a\0"}

    def test_an_empty_record_is_not_none(self, store):
        assert store.update("s", "kind", "a", becomes({})) == {}
        assert store.get("s", "kind", "a") == {}
        assert store.keys("s", "kind") == ["a"]

    @pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**64, 10**100, 1.5, -0.0])
    def test_numbers_come_back_exactly(self, store, number):
        store.update("s", "kind", "a", becomes({"n": number}))

        found = store.get("s", "kind", "a")["n"]
        assert (found, type(found)) == (number, type(number))

    def test_what_json_cannot_say_is_refused_and_leaves_the_record(self, store):
        store.update("s", "kind", "a", becomes({"n": 1}))

        with pytest.raises(TypeError, match="not JSON serializable"):
            store.update("s", "kind", "a", becomes({"n": object()}))

        assert store.get("s", "kind", "a") == {"n": 1}

    def test_it_answers(self, store):
        assert store.ping() is None


def count_in_a_process(url, times):
    """Count up and append, and return the numbers that were given out."""
    store = open_store(url, Limits())
    numbers = []
    for _ in range(times):
        store.update("s", "kind", "a", increment)
        numbers.append(store.append("s", "log", {}))
    store.close()
    return numbers


class SharedStoreContract(StoreContract):
    """For stores that several processes see; a subclass also gives the fixture `url`."""

    def test_it_says_that_it_is_shared(self, store):
        assert store.shared

    def test_another_store_on_the_same_place_sees_what_was_written(self, opened):
        one, other = opened(), opened()
        one.update("s", "kind", "a", increment)
        other.update("s", "kind", "a", increment)
        one.append("s", "log", {"n": 1})

        assert one.get("s", "kind", "a") == {"n": 2}
        assert list(other.entries("s", "log")) == [(1, {"n": 1})]
        assert other.append("s", "log", {"n": 2}) == 2

    def test_what_was_written_is_there_after_a_restart(self, opened):
        first = opened()
        first.update("s", "kind", "a", increment)
        first.close()

        assert opened().get("s", "kind", "a") == {"n": 1}

    def test_processes_lose_no_update_and_share_the_numbering(self, store, url):
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            numbers = pool.starmap(count_in_a_process, [(url, 100), (url, 100)], chunksize=1)
            pool.close()
            pool.join()

        assert store.get("s", "kind", "a") == {"n": 200}
        assert sorted(numbers[0] + numbers[1]) == list(range(1, 201))
