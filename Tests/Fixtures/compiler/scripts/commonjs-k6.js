'use strict';

const http = require('k6/http');
const k6 = require('k6');
const { Trend } = require('k6/metrics');

const duration = new Trend('own_duration');
const steps = {
  open: function (state) { state.page = http.get('http://site/open'); },
  read: function (state) { state.items = state.page.json('items'); },
  act: function (state) {
    var i;
    for (i = 0; i < state.items.length; i++) {
      state.last = http.post('http://site/act', 'i=' + state.items[i]);
    }
  },
};

module.exports.options = { vus: 2, iterations: 4 };

module.exports.default = function () {
  const state = {};
  Object.keys(steps).forEach(function (name) {
    k6.group(name, function () {
      steps[name](state);
    });
  });
  duration.add(state.last.timings.duration);
  k6.sleep(0.5);
};
