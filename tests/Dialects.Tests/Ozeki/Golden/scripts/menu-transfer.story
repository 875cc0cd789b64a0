script menu.ozml
keys 9@9s 2@16s

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Answered: the call is answered
  0.000  Hears: "Press one for opening hours, two to reach a person."
  7.315  Hears: "Press one for opening hours, two to reach a person."
  9.000  Key: 9
  9.000  Stopped: the audio stops
  9.000  Hears: "Press one for opening hours, two to reach a person."
 16.000  Key: 2
 16.000  Asked: rings 204
 19.000  Ended: the caller talks to someone else
