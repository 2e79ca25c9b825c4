.PHONY: help check test hunt demo bench measure pictures words
help:  ## say what there is
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "%-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
check:  ## everything CI checks: style, types, rooms and doors, tests
	python -m pytest
test:  ## the tests of behaviour alone
	python -m pytest --ignore tests/test_architecture.py
hunt:  ## the same properties over twenty times as many examples, at random
	AIPM_HUNT=20 python -m pytest
demo:  ## play the first scenario, with no key and no network
	aipm run refund-copilot --seed 7
bench:  ## quality of the negotiation, and speed
	python benchmarks/negotiation_quality.py
	python benchmarks/start.py
	python benchmarks/throughput.py
	python benchmarks/model_cost.py
	python benchmarks/outcome_space.py
	python benchmarks/compare_scale.py
	python benchmarks/sweep.py
	python benchmarks/room.py
measure:  ## what else is measured: how the table sounds, endpoints, faults, a local model (long); findings.py and styles.py write docs
	python benchmarks/coherence.py --seeds 6
	python benchmarks/endpoints.py
	python benchmarks/faults.py
	python benchmarks/local_model.py
pictures:  ## draw the pictures of the README anew (needs Chromium)
	python docs/pictures/make.py
	python docs/pictures/room.py
words:  ## bring new interface texts into the catalogues, and compile them
	python tests/words.py
